import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../../infra/local-cloud/test-support.ts';
import { expectRightFile } from '../support/judge.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(120_000);

const PAYMENTS = 'query-table-plt_fund.vs_payment';
const everyone = {
  report: 'payments-by-admin',
  conditions: { departmentIds: Array.from({ length: 20 }, (_, index) => index + 1) },
};

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'large',
    // One admin is alone in a department of its own. The payments make two parts, and a file of two chunks.
    demo: { rows: 100, admins: 200_001, payments: 120_000 },
    clockSpeed: 6,
    proxied: { [PAYMENTS]: 'TABLE_DATABASE_URL' },
  });
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

it('a sub-query by 200,000 keys finds every row', async () => {
  const admin = await system.newAdmin();
  const t0 = performance.now();
  const record = await admin.run(everyone);
  console.log('run', performance.now() - t0);
  expect(record.sources.admins?.rows).toBe(200_000);
  await expectRightFile(system.mariaDb, admin, record);
  console.log('judged', performance.now() - t0);
});

it('parts of a query that was killed are never mixed with those of the one that took over, and are cleaned up', async () => {
  system.proxy(PAYMENTS).holdReplies(9_500_000);
  const admin = await system.newAdmin();
  const { id } = await admin.ask(everyone);
  const stored = () => system.objects(`parts/${id}/payments/`);
  const [orphan] = await eventually(async () => ((await stored()).length > 0 ? stored() : undefined), { seconds: 60 });
  await system.crash(PAYMENTS);
  await system.endFaults();
  const record = await admin.ended(id);
  await expectRightFile(system.mariaDb, admin, record);
  const parts = await stored();
  expect(parts).toContain(orphan);
  expect(new Set(parts.map((name) => name.split('/')[3])).size).toBe(2);
  await system.sweepNow(id);
  expect((await system.objects(id)).map((name) => `gs://report-download-center/${name}`)).toEqual([record.fileAddress]);
});

describe('Cloud Storage', () => {
  it('breaks uploads midway and refuses others for a while: the file is right, and whole before anyone sees it', async () => {
    const { faults } = system.cloud.storage;
    const isPart = ({ object = '', method }: { object?: string; method: string }) =>
      object.startsWith('parts/') && method === 'POST';
    const isChunk = ({ object = '', method }: { object?: string; method: string }) =>
      object.startsWith('reports/') && method === 'PUT';
    faults.breakUpload(isPart, 100_000, 1);
    faults.unavailable(isPart, 1);
    faults.breakUpload(isChunk, 3_000_000, 1);
    faults.unavailable(isChunk, 1);
    faults.breakUpload(isChunk, 500_000, 1);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(everyone);
    let seen = 0;
    const record = await admin.until(id, ({ status }) => {
      if (status === 'WRITING') seen++;
      return status === 'COMPLETED';
    });
    expect(seen).toBeGreaterThan(0);
    await expectRightFile(system.mariaDb, admin, record);
    const files = (await system.objects(id)).filter((name) => name.startsWith('reports/'));
    expect(files.map((name) => `gs://report-download-center/${name}`)).toEqual([record.fileAddress]);
  });
});
