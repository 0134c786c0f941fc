import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually } from '../../infra/local-cloud/test-support.ts';
import { expectRightFile } from '../support/judge.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(120_000);

const PAYMENTS = 'query-table-plt_fund.vs_payment';
const departmentIds = Array.from({ length: 20 }, (_, index) => index + 1);
const payments = { report: 'payments-by-admin', conditions: { departmentIds } };

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'large',
    demo: { rows: 100, admins: 200_001, payments: 300_000 },
    clockSpeed: 15,
    proxied: { [PAYMENTS]: 'TABLE_DATABASE_URL' },
  });
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

it('a sub-query by 200,000 keys is right', async () => {
  const admin = await system.newAdmin();
  const record = await admin.run(payments);
  expect(record.sources.admins?.rows).toBe(200_000);
  expect((await expectRightFile(system.mariaDb, admin, record)).length).toBeGreaterThan(290_000);
});
