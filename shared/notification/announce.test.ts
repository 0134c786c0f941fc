import { describe, expect, it } from '@jest/globals';
import { completedRecord, newRecord, plusMinutes } from '../../test/contract/record-store-fixtures.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { cancel, expire, postponeSweep, startQuerying } from '../domain/transitions.ts';
import type { ReportEvent } from '../ports/messages.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { withdrawalsByUserTag } from '../reports/withdrawals-by-user-tag.ts';
import { announcingRecordStore } from './announce.ts';

const reports = new Map([[withdrawalsByUserTag.id, withdrawalsByUserTag]]);
const at = plusMinutes(5);

/** Returns a store with one record, which announces to a publisher that can be made to fail. */
function announcing(first: FileDownloadRecord) {
  const kept = new Map([[first.id, first]]);
  const silent: Pick<RecordStore, 'admit' | 'get' | 'update'> = {
    async admit(_admission, decide) {
      const decision = decide({});
      if (decision.insert) kept.set(decision.insert.id, decision.insert);
      return decision;
    },
    get: async (id) => kept.get(id),
    async update(id, transition) {
      const record = kept.get(id);
      const changed = record && transition(record);
      if (changed) kept.set(id, changed);
      return changed;
    },
  };
  const events: ReportEvent[] = [];
  /** The record at the moment when each event was published. */
  const seen: (FileDownloadRecord | undefined)[] = [];
  const fault: { now?: Error | undefined } = {};
  const publisher = {
    async publish(event: ReportEvent) {
      if (fault.now) throw fault.now;
      events.push(event);
      seen.push(kept.get(event.subject));
    },
  };
  const { logger, lines } = memoryLogger();
  const ports = {
    reports,
    publisher,
    eventSource: '//center/demo',
    logOf: (recordId: string) => logger.child({ recordId }),
  };
  const store = announcingRecordStore(silent as RecordStore, ports);
  return { store, events, seen, fault, lines, left: () => kept.get(first.id)?.unannounced };
}

describe('a record that ends', () => {
  it('is announced once that is committed, and only once', async () => {
    const record = newRecord();
    const { store, events, seen, left } = announcing(record);
    expect(await store.update(record.id, cancel(at))).toMatchObject({ status: 'CANCELLED' });
    expect(events).toEqual([
      {
        specversion: '1.0',
        id: `${record.id}-cancelled`,
        source: '//center/demo',
        type: 'report.cancelled',
        subject: record.id,
        time: at.toISOString(),
        datacontenttype: 'application/json',
        data: expect.objectContaining({ id: record.id, status: 'CANCELLED', conditions: record.conditions }),
      },
    ]);
    expect(seen).toMatchObject([{ status: 'CANCELLED' }]);
    expect(left()).toEqual([]);
    await store.update(record.id, postponeSweep(at));
    expect(events).toHaveLength(1);
  });

  it('from the start is announced when it is admitted', async () => {
    const { store, events } = announcing(newRecord());
    const copy = completedRecord({ unannounced: ['COMPLETED'], history: [{ status: 'COMPLETED', at }] });
    await store.admit({ draft: copy }, () => ({ insert: copy }));
    expect(events).toMatchObject([{ id: `${copy.id}-completed`, time: at.toISOString() }]);
    expect((await store.get(copy.id))?.unannounced).toEqual([]);
  });

  it('has ended, though it cannot be announced: that is logged, and made up for by the next change', async () => {
    const record = newRecord();
    const { store, events, fault, lines, left } = announcing(record);
    fault.now = new Error('no topic');
    expect(await store.update(record.id, cancel(at))).toMatchObject({ status: 'CANCELLED' });
    expect(left()).toEqual(['CANCELLED']);
    expect(lines).toMatchObject([{ recordId: record.id, message: 'not announced; the sweeper will' }]);
    lines.length = 0;
    fault.now = undefined;
    await store.update(record.id, postponeSweep(at));
    expect(events).toMatchObject([{ id: `${record.id}-cancelled`, time: at.toISOString() }]);
    expect(left()).toEqual([]);
    expect(lines).toMatchObject([{ message: 'record ended', recordId: record.id, status: 'CANCELLED' }]);
  });

  it('is logged once, however many announce it', async () => {
    const record = newRecord();
    const { store, events, lines } = announcing(record);
    await Promise.all([store.update(record.id, cancel(at)), store.update(record.id, postponeSweep(at))]);
    await store.update(record.id, postponeSweep(at));
    expect(events).toHaveLength(2);
    expect(lines).toHaveLength(1);
  });
});

it('statuses that were entered one after the other are announced so, each as the record was then', async () => {
  const record = completedRecord({
    unannounced: ['COMPLETED'],
    history: [{ status: 'COMPLETED', at: plusMinutes(1) }],
    expiresAt: at,
  });
  const { store, events } = announcing(record);
  await store.update(record.id, expire(at));
  expect(events).toMatchObject([
    {
      type: 'report.completed',
      time: plusMinutes(1).toISOString(),
      data: { status: 'COMPLETED', history: [{ status: 'COMPLETED' }] },
    },
    {
      type: 'report.expired',
      time: at.toISOString(),
      data: { status: 'EXPIRED', history: [{ status: 'COMPLETED' }, { status: 'EXPIRED' }] },
    },
  ]);
});

it('a record on its way is not announced, nor what is refused or not there', async () => {
  const record = newRecord();
  const { store, events } = announcing(record);
  const draft = newRecord();
  await store.admit({ draft }, () => ({ insert: draft }));
  await store.admit({ draft }, () => ({}));
  await store.update(record.id, startQuerying(at));
  expect(await store.update(record.id, () => undefined)).toBeUndefined();
  expect(await store.update('none', cancel(at))).toBeUndefined();
  expect(events).toEqual([]);
});
