import { expect, it } from '@jest/globals';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { completedRecord, newRecord, plusMinutes } from '../../test/contract/record-store-fixtures.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { memoryObjectStore } from '../../test/support/memory-object-store.ts';
import { sweep } from './sweep.ts';

/** Returns what a run at half past twelve that finds these records due logs at its end. */
async function loggedAfter(due: FileDownloadRecord[]) {
  const { logger, lines } = memoryLogger();
  const records: Partial<RecordStore> = {
    due: async () => due,
    update: async () => undefined,
    releaseOrphanLocks: async () => 0,
  };
  await sweep(
    {
      reports: new Map(),
      records: records as RecordStore,
      objects: memoryObjectStore(),
      queue: { enqueue: async () => {} },
      publisher: { publish: async () => {} },
      clock: () => plusMinutes(30),
      retention: { fileDays: 7, recordDays: 180 },
    },
    logger,
  );
  return lines.at(-1);
}

const active = (minutes: number) => newRecord({ status: 'QUERYING', createdAt: plusMinutes(minutes) });

it('a run tells how old the oldest unfinished record is that it saw', async () => {
  expect(await loggedAfter([active(10), active(5), completedRecord()])).toMatchObject({
    message: 'swept',
    seen: 3,
    oldestUnfinishedSeconds: 25 * 60,
  });
});

it('a run that saw no unfinished record tells of no age', async () => {
  expect(await loggedAfter([completedRecord()])).toMatchObject({ message: 'swept', oldestUnfinishedSeconds: 0 });
});
