import { describe, expect, it } from '@jest/globals';
import type { RecordQuery } from '../../shared/ports/record-store.ts';
import { paymentsByAdmin } from '../../shared/reports/payments-by-admin.ts';
import { withdrawals } from '../../shared/reports/withdrawals.ts';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { listReadable } from './list-readable.ts';

const reports = new Map([paymentsByAdmin, withdrawals].map((report) => [report.id, report]));
/** Not permitted to see payments. */
const caller = { adminId: '7', departmentId: '9', roles: ['downloads.all'], source: 'portal' };
const query = { scope: 'all' as const, pageSize: 2 };

/** Returns a store of records of these reports, newest first. */
function storeOf(ids: string[]) {
  const records = ids.map((report, index) =>
    newRecord({ id: `${String(20_000_000 - index)}-0000-7000-8000-000000000000`, report, source: 'portal' }),
  );
  const asked: RecordQuery[] = [];
  return {
    asked,
    ids: records.map(({ id }) => id),
    async list(wanted: RecordQuery) {
      asked.push(wanted);
      const from = wanted.before === undefined ? records : records.filter(({ id }) => id < (wanted.before as string));
      return from.slice(0, wanted.limit);
    },
  };
}

describe('a page', () => {
  it('is filled past records that are closed to the person', async () => {
    const records = storeOf(['withdrawals', ...Array(5).fill(paymentsByAdmin.id), 'withdrawals', 'withdrawals']);
    const first = await listReadable({ records, reports }, caller, query);
    expect(first.records.map(({ id }) => id)).toEqual([records.ids[0], records.ids[6]]);
    const next = await listReadable({ records, reports }, caller, {
      ...query,
      ...(first.nextPageToken ? { pageToken: first.nextPageToken } : {}),
    });
    expect(next.records.map(({ id }) => id)).toEqual([records.ids[7]]);
    expect(next).not.toHaveProperty('nextPageToken');
  });

  it('does not walk through everything: where it stopped looking, the next page begins', async () => {
    const records = storeOf([...Array(5000).fill(paymentsByAdmin.id), 'withdrawals']);
    let token: string | undefined;
    let pages = 0;
    const seen: string[] = [];
    do {
      const before = records.asked.length;
      const page = await listReadable({ records, reports }, caller, {
        ...query,
        ...(token ? { pageToken: token } : {}),
      });
      expect(records.asked.length - before).toBeLessThanOrEqual(10);
      seen.push(...page.records.map(({ id }) => id));
      token = page.nextPageToken;
      pages++;
    } while (token !== undefined);
    expect(seen).toEqual([records.ids[5000]]);
    expect(pages).toBeGreaterThan(1);
  });

  it('of nothing is the last one', async () => {
    expect(await listReadable({ records: storeOf([]), reports }, caller, query)).toEqual({ records: [] });
  });
});
