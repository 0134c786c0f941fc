import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { departmentOfOne } from '../../infra/demo-data/demo-tables.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(60_000);

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ purpose: 'right-file', demo: { rows: 3000, tags: 6000 } });
});
afterAll(() => system?.stop());

const withdrawals = { tagIds: [1, 2, 3], from: '2026-01-01', to: '2026-06-30' };

describe('two tables joined', () => {
  it('are the file that one database would give, with every awkward text in it', async () => {
    const admin = await system.newAdmin();
    const record = await admin.run({ report: 'withdrawals-by-user-tag', conditions: withdrawals });
    const rows = await expectRightFile(system.mariaDb, admin, record);
    expect(rows.length).toBeGreaterThan(500);
  });

  it('are a header alone where nothing is found', async () => {
    const admin = await system.newAdmin();
    const conditions = { ...withdrawals, from: '2031-01-01', to: '2031-12-31' };
    const record = await admin.run({ report: 'withdrawals-by-user-tag', conditions });
    expect(await expectRightFile(system.mariaDb, admin, record)).toEqual([]);
    expect(record.rows).toBe(0);
  });
});

describe('a source', () => {
  it('is shown as done while another is still read', async () => {
    await system.lockTable('plt_fund.vs_withdraw');
    const admin = await system.newAdmin();
    const { id } = await admin.ask({ report: 'withdrawals-by-user-tag', conditions: withdrawals });
    const record = await admin.until(id, ({ sources }) => sources.tags?.status === 'DONE');
    expect(record.status).toBe('QUERYING');
    expect(record.sources.tags?.rows).toBeGreaterThan(0);
    expect(record.sources.withdrawals?.status).not.toBe('DONE');
    await system.endFaults();
    await expectRightFile(system.mariaDb, admin, await admin.ended(id));
  });
});

describe('a sub-query', () => {
  const payments = (departmentIds: number[]) => ({ report: 'payments-by-admin', conditions: { departmentIds } });

  it('finds the payments of many admins', async () => {
    const admin = await system.newAdmin();
    const record = await admin.run(payments([1, 2, 3, 4]));
    const rows = await expectRightFile(system.mariaDb, admin, record);
    expect(rows.some(([, , , , amount]) => amount?.startsWith('-'))).toBe(true);
    expect(record.sources.admins?.rows).toBeGreaterThan(1);
  });

  it('finds the payments of one admin', async () => {
    const admin = await system.newAdmin();
    const record = await admin.run(payments([departmentOfOne]));
    expect((await expectRightFile(system.mariaDb, admin, record)).length).toBeGreaterThan(1);
    expect(record.sources.admins?.rows).toBe(1);
  });

  it('finds nothing for no admin, and says so with a header', async () => {
    const admin = await system.newAdmin();
    const record = await admin.run(payments([999_999]));
    expect(await expectRightFile(system.mariaDb, admin, record)).toEqual([]);
    expect(record.sources).toMatchObject({ admins: { rows: 0 }, payments: { rows: 0 } });
  });
});

it('neutralises text that a spreadsheet would run, and leaves numbers, NULL and the empty text as they are', async () => {
  const remarks = ['=1+1', '+1', '-1+1', '@x', '\tx', '\rx', '\nx', "'=1", '-12.50', '', null, 'x=1'];
  await system.mariaDb.sql(
    "INSERT INTO plt_account.vs_admin VALUES (90001, 'a', '=cmd', 777, 'r', NULL, 1, NULL, NOW(3))",
  );
  for (const [index, remark] of remarks.entries()) {
    await system.mariaDb.sql(
      "INSERT INTO plt_fund.vs_payment VALUES (?, ?, 90001, '-0.5000', 'm', 'PAID', ?, NULL, NOW(3))",
      [index + 1, `X${String(index).padStart(2, '0')}`, remark],
    );
  }
  const admin = await system.newAdmin();
  const record = await admin.run({ report: 'payments-by-admin', conditions: { departmentIds: [777] } });
  await expectRightFile(system.mariaDb, admin, record);
  const lines = (await admin.download(record.id)).toString('utf8');
  expect(lines.slice(lines.indexOf('\n') + 1)).toBe(
    ["'=1+1", "'+1", "'-1+1", "'@x", "'\tx", `"'\rx"`, `"'\nx"`, "'=1", '-12.50', '""', '', 'x=1']
      .map((remark, index) => `90001,'=cmd,777,X${String(index).padStart(2, '0')},-0.5000,m,PAID,${remark},\n`)
      .join(''),
  );
});
