import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(120_000);

const WITHDRAWALS = 'query-plt-fund-vs-withdraw';
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const allPayments = { report: 'payments-by-admin', conditions: { departmentIds: upTo(20) } };
const allWithdrawals = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: upTo(12), from: '2026-01-01', to: '2026-06-30' },
};

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'large',
    // One admin is alone in a department. The withdrawals make two parts, and a file of two chunks.
    demo: { admins: 200_001, payments: 100_000, withdrawals: 100_000, users: 10_000, tags: 10_000 },
    // Six tries take 45 s, enough for the 10 s for which a dead worker's lease lasts, and for the large query.
    clockSpeed: 8,
    proxied: { [WITHDRAWALS]: 'TABLE_DATABASE_URL' },
  });
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

it('a sub-query by 200,000 keys finds every row', async () => {
  const admin = await system.newAdmin();
  const record = await admin.run(allPayments);
  expect(record.sources.admins?.rows).toBe(200_000);
  await expectRightFile(system.mariaDb, admin, record);
});

it('parts of a query that was killed are never mixed with those of the one that took over, and are cleaned up', async () => {
  system.proxy(WITHDRAWALS).holdReplies(10_500_000);
  const admin = await system.newAdmin();
  const { id } = await admin.ask(allWithdrawals);
  const stored = () => system.objects(`parts/${id}/withdrawals/`);
  const [orphan] = await eventually(async () => ((await stored()).length > 0 ? stored() : undefined), 60);
  await system.crash(WITHDRAWALS);
  await system.endFaults();
  const record = await admin.ended(id);
  await expectRightFile(system.mariaDb, admin, record);
  const parts = await stored();
  expect(parts).toContain(orphan);
  expect(new Set(parts.map((name) => name.split('/')[3])).size).toBe(2);
  await system.sweepNow(id);
  expect(await system.files(id)).toEqual([record.fileAddress]);
  expect(await system.objects(id)).toHaveLength(1);
});

it('uploads that Cloud Storage breaks midway, and then refuses for a while, end in a right file, whole before anyone sees it', async () => {
  const struck = { part: 0, chunk: 0, partRetry: 0, chunkRetry: 0 };
  /** Returns a filter that matches requests after `before` has happened, and counts them. */
  const counting =
    (fault: keyof typeof struck, method: string, prefix: string, before = () => true) =>
    (request: { method: string; object?: string }) => {
      const matches = request.method === method && request.object?.startsWith(prefix) === true && before();
      if (matches) struck[fault]++;
      return matches;
    };
  const { faults } = system.cloud.storage;
  faults.breakUpload(counting('part', 'POST', 'parts/'), 100_000);
  faults.unavailable(
    counting('partRetry', 'POST', 'parts/', () => struck.part > 0),
    1,
  );
  faults.breakUpload(counting('chunk', 'PUT', 'reports/'), 3_000_000);
  faults.unavailable(
    counting('chunkRetry', 'PUT', 'reports/', () => struck.chunk > 0),
    2,
  );

  const admin = await system.newAdmin();
  const { id } = await admin.ask(allWithdrawals);
  await eventually(() => struck.chunkRetry === 2, 60);
  expect(await system.files(id)).toEqual([]);
  expect((await admin.fileStatus(id)).status).toBe(409);
  const record = await admin.ended(id);
  expect(struck).toEqual({ part: 1, partRetry: 1, chunk: 1, chunkRetry: 2 });
  await expectRightFile(system.mariaDb, admin, record);
  expect(await system.files(id)).toEqual([record.fileAddress]);
});
