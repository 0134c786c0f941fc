import { describe, expect, it } from '@jest/globals';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { withdrawals } from '../../shared/reports/withdrawals.ts';
import { completedRecord } from '../../test/contract/record-store-fixtures.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { type Asking, type CreateReportPorts, createReport } from './create-report.ts';
import type { ReportRequest } from './request.ts';

const request: ReportRequest = {
  ...{ report: withdrawals, conditions: { from: '2026-01-01', to: '2026-01-02' } },
  ...{ format: 'csv', locale: 'en', refresh: false },
};
const caller = { adminId: 'me', departmentId: '3', roles: [], source: 'portal' };
const fileOf = ({ file }: FileDownloadRecord) => file?.fileAddress;

/**
 * Requests a report. Each search for a file to reuse finds the next of `files`, or the last one again. `exists` is the
 * storage's answer.
 */
async function ask(files: FileDownloadRecord[], exists: (name: string) => Promise<boolean>) {
  const { logger, lines } = memoryLogger();
  const admitRecord: RecordStore['admit'] = async ({ reuseSince }, decide) => {
    const reusable = files.length > 1 ? files.shift() : files[0];
    return decide(reuseSince && reusable ? { reusable } : {});
  };
  const ports: CreateReportPorts = {
    records: { admit: admitRecord, get: async () => undefined, update: async () => undefined },
    objects: { exists, nameOf: (address) => address },
    queue: { enqueue: async () => {} },
    publisher: { publish: async () => {} },
    tracing: { ready: async () => {}, flush: async () => {} },
    clock: () => new Date(),
  };
  const since = new Date();
  const asking: Asking = {
    ...{ caller, idempotencyKey: undefined, logOf: () => logger },
    request: { method: 'POST', route: '/v1/downloads', since, traceparent: undefined },
  };
  return { verdict: await createReport(request, asking, ports), lines };
}

describe('a file of a colleague that could serve', () => {
  it.each([1, 2, 3, 4])('becomes a record of one’s own, though a newer one comes in between: of %d', async (count) => {
    const files = Array.from({ length: count }, (_, n) => completedRecord({ adminId: `colleague ${n}` }));
    const newest = files.at(-1) as FileDownloadRecord;
    const { verdict } = await ask(files, async () => true);
    expect(verdict).toMatchObject({ outcome: 'reused', record: { adminId: 'me', reusedFrom: newest.id } });
    expect(verdict.insert).toBe(verdict.record);
    expect(fileOf(verdict.record)).toBe(fileOf(newest));
  });

  it('is made anew if it is gone', async () => {
    const { verdict, lines } = await ask([completedRecord()], async () => false);
    expect([verdict.outcome, verdict.record.adminId, lines]).toEqual(['created', 'me', []]);
  });

  it('is made anew if storage does not say whether it is there', async () => {
    const { verdict, lines } = await ask([completedRecord()], () => Promise.reject(new Error('storage is down')));
    expect([verdict.outcome, verdict.record.adminId]).toEqual(['created', 'me']);
    expect(lines).toMatchObject([{ err: { message: 'storage is down' } }]);
  });
});
