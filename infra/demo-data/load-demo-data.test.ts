import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { type LocalMariaDb, startMariaDb } from '../local-servers/mariadb.ts';
import { type RunFolder, runFolder } from '../local-servers/run-folder.ts';
import { departmentOfOne } from './demo-tables.ts';
import { type DemoData, loadDemoData } from './load-demo-data.ts';
import { awkwardNames, awkwardRemarks, extremeAmounts, tagNames } from './texts.ts';

const ROWS = 2000;
let folder: RunFolder;
let mariaDb: LocalMariaDb;
let demo: DemoData;

const start = (name: string) => startMariaDb({ dir: join(folder.path, name) });

beforeAll(async () => {
  folder = await runFolder('test');
  mariaDb = await start('mariadb');
  demo = await loadDemoData(mariaDb, { rows: ROWS });
});
afterAll(async () => {
  await mariaDb.stop();
  await folder.remove();
});

const value = async (select: string): Promise<unknown> => Object.values((await mariaDb.sql(select))[0] ?? {})[0];
const column = async (select: string): Promise<unknown[]> =>
  (await mariaDb.sql(select)).map((row) => Object.values(row)[0]);

describe('the demo rows', () => {
  const checksums = (server: LocalMariaDb) => server.sql(`CHECKSUM TABLE ${Object.keys(demo.logins)}`);

  it('are the same for the same seed, and differ for another', async () => {
    const [same, other] = await Promise.all([start('same'), start('other')]);
    try {
      await Promise.all([loadDemoData(same, { rows: ROWS }), loadDemoData(other, { rows: ROWS, seed: 2 })]);
      const expected = await checksums(mariaDb);
      expect(expected).toHaveLength(4);
      expect(await checksums(same)).toEqual(expected);
      const differing = (await checksums(other)).filter(
        ({ Checksum }, table) => Checksum !== expected[table]?.Checksum,
      );
      expect(differing).toHaveLength(4);
    } finally {
      await Promise.all([same.stop(), other.stop()]);
    }
  });

  it('are as many as requested', async () => {
    expect(demo.counts).toEqual({ withdrawals: 2000, users: 1000, tags: 1000, payments: 2000, admins: 200 });
    expect(await value('SELECT COUNT(*) FROM plt_fund.vs_withdraw')).toBe(2000);
    expect(await value('SELECT COUNT(DISTINCT user_id) FROM plt_user.vs_user_tag_relation')).toBe(1000);
    expect(await value('SELECT COUNT(*) FROM plt_fund.vs_payment')).toBe(2000);
    expect(await value('SELECT COUNT(*) FROM plt_account.vs_admin')).toBe(200);
  });

  it.each(['plt_fund.vs_withdraw', 'plt_fund.vs_payment'])(
    'have every awkward remark and NULLs in %s',
    async (table) => {
      const remarks = await column(`SELECT DISTINCT BINARY remark FROM ${table}`);
      const texts = remarks.map((remark) => (remark instanceof Buffer ? remark.toString() : remark));
      expect(texts).toEqual(expect.arrayContaining([...awkwardRemarks, null]));
    },
  );

  it('have awkward names, exact amounts, and refunds', async () => {
    expect(await column('SELECT account_name FROM plt_fund.vs_withdraw')).toEqual(expect.arrayContaining(awkwardNames));
    expect(await column('SELECT name FROM plt_account.vs_admin')).toEqual(expect.arrayContaining(awkwardNames));
    expect(await column('SELECT amount FROM plt_fund.vs_withdraw')).toEqual(expect.arrayContaining(extremeAmounts));
    expect(await value('SELECT MIN(amount) FROM plt_fund.vs_payment')).toMatch(/^-\d+\.\d{4}$/);
    expect(await value('SELECT MIN(id) FROM plt_fund.vs_payment')).toBe('1970000000000000001');
  });

  it('have withdrawals of tagged and untagged users, every tag, and one department of one', async () => {
    const tagged = 'EXISTS (SELECT 1 FROM plt_user.vs_user_tag_relation t WHERE t.user_id = w.user_id)';
    const untagged = await value(`SELECT COUNT(*) FROM plt_fund.vs_withdraw w WHERE NOT ${tagged}`);
    expect(untagged).toBeGreaterThan(ROWS / 34);
    expect(untagged).toBeLessThan(ROWS / 10);
    const tags = await mariaDb.sql(
      'SELECT DISTINCT tag_id, tag_name FROM plt_user.vs_user_tag_relation ORDER BY tag_id',
    );
    expect(tags).toEqual(tagNames.map((tag_name, index) => ({ tag_id: index + 1, tag_name })));
    expect(await column(`SELECT id FROM plt_account.vs_admin WHERE department_id = ${departmentOfOne}`)).toEqual([1]);
  });

  it('have times within the demo period in the order of their ids', async () => {
    const inOrder = `SELECT COUNT(*) FROM plt_fund.vs_withdraw a JOIN plt_fund.vs_withdraw b ON b.id = a.id + 1
      WHERE a.create_time < b.create_time AND a.create_time >= '2026-01-01' AND b.create_time < '2026-07-01'`;
    expect(await value(inOrder)).toBe(ROWS - 1);
  });
});

describe('the demo logins', () => {
  const ask = async (user: DemoData['recordStore'], sql: string) => {
    const connection = await createConnection({ ...user });
    try {
      return await connection.query(sql);
    } finally {
      await connection.end();
    }
  };

  it('can read their own database and nothing else', async () => {
    const tables = Object.entries(demo.logins);
    for (const [own, login] of tables) {
      await expect(ask(login, `SELECT * FROM ${own} LIMIT 1`)).resolves.toBeDefined();
      await expect(ask(login, `DELETE FROM ${own}`)).rejects.toThrow(/denied/);
      for (const [other, { database }] of tables) {
        if (database !== login.database)
          await expect(ask(login, `SELECT * FROM ${other} LIMIT 1`)).rejects.toThrow(/denied/);
      }
    }
  });

  it('cannot read a database with a similar name', async () => {
    await mariaDb.sql('CREATE DATABASE pltxfund');
    await mariaDb.sql('CREATE TABLE pltxfund.t (id INT)');
    const { 'plt_fund.vs_withdraw': login } = demo.logins;
    await expect(ask(login as DemoData['recordStore'], 'SELECT * FROM pltxfund.t')).rejects.toThrow(/denied/);
  });

  it('give the record store access to its own database only', async () => {
    await expect(ask(demo.recordStore, 'CREATE TABLE plt_basic.t (id INT)')).resolves.toBeDefined();
    await expect(ask(demo.recordStore, 'SELECT 1 FROM plt_fund.vs_withdraw')).rejects.toThrow(/denied/);
  });
});

it('empty tables are possible, and any number for one table alone', async () => {
  const small = await start('small');
  try {
    await loadDemoData(small, { rows: 0, tags: 3, admins: 5000 });
    const counts = await small.sql(
      'SELECT (SELECT COUNT(*) FROM plt_fund.vs_withdraw) w, (SELECT COUNT(*) FROM plt_user.vs_user_tag_relation) t, (SELECT COUNT(*) FROM plt_account.vs_admin) a',
    );
    expect(counts).toEqual([{ w: 0, t: 3, a: 5000 }]);
  } finally {
    await small.stop();
  }
});
