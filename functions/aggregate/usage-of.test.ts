import { expect, it } from '@jest/globals';
import type { SourceResult } from '../../shared/domain/source-result.ts';
import { paymentsByAdmin } from '../../shared/reports/payments-by-admin.ts';
import { createdAt, newRecord } from '../../test/contract/record-store-fixtures.ts';
import type { Look } from './look.ts';
import { usageOf } from './usage-of.ts';

const machine = { vcpu: 2, memoryGib: 2 };
const after = (seconds: number) => new Date(createdAt.getTime() + seconds * 1000);

const resultOf = (seconds: number, content: SourceResult['content']): SourceResult => ({
  columns: [],
  rows: 1,
  bytes: 10,
  longestRow: 10,
  dataAsOf: createdAt.toISOString(),
  content,
  effort: { seconds, vcpu: 1, memoryGib: 0.5 },
});

it('an export’s usage is that of its sources, of what was shaped for them, and of this writing', () => {
  const admins = resultOf(1.5, { inline: 'eA==' });
  const parts = [100, 50].map((bytes, index) => ({ object: `parts/${index}`, bytes, crc32c: 'AAAAAA==' }));
  const payments = resultOf(2.5, { parts });
  const keys = { ...resultOf(0.4, { inline: 'eA==' }), effort: { ...machine, seconds: 0.4 }, from: 'x' };
  const look: Look = {
    task: { recordId: 'r', stage: 1, attempt: 0 },
    began: after(7),
    record: newRecord(),
    report: paymentsByAdmin,
    state: {
      queryDoneCount: 2,
      results: new Map([
        ['a', admins],
        ['p', payments],
      ]),
      keys: new Map([['k', keys]]),
      errors: new Map(),
    },
  };
  const ports = { machine, retention: { fileDays: 7, recordDays: 180 }, recordsInFirestore: true };
  expect(usageOf(look, 4000, after(10), ports)).toEqual({
    sources: [
      { seconds: 1.5, vcpu: 1, memoryGib: 0.5 },
      { seconds: 2.5, vcpu: 1, memoryGib: 0.5 },
    ],
    aggregate: [
      { ...machine, seconds: 0.4 },
      { ...machine, seconds: 3 },
    ],
    stages: 2,
    seconds: 10,
    hashBytes: [admins, payments, keys].map((kept) => JSON.stringify(kept).length).reduce((a, b) => a + b),
    parts: { count: 2, bytes: 150 },
    file: { bytes: 4000, days: 7 },
    recordsInFirestore: true,
  });
});
