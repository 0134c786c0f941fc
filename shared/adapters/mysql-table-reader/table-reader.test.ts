import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../../infra/setup/local-folder.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { LARGE, type Shop, startShop, textOf, untilHungUp } from '../../../test/support/shop-database.ts';
import type { BoundQuery } from '../../ports/table-reader.ts';

const MIB = 1024 * 1024;

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterEach(() => untilHungUp());
afterAll(() => shop.stop());

describe('a read', () => {
  it('gives columns, rows, their number, the server’s estimate and the time of the snapshot', async () => {
    const [{ now } = { now: '' }] = await shop.mariaDb.sql<{ now: string }>('SELECT NOW(3) AS now');
    const opened = await shop.read('SELECT * FROM shop.orders');
    expect(opened.columns).toEqual([
      { name: 'id', kind: 'integer' },
      { name: 'note', kind: 'text' },
    ]);
    expect(opened.expectedRows).toBe(3);
    const age = opened.dataAsOf.getTime() - Date.parse(`${now}Z`);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(5000);
    expect(await textOf(opened)).toBe('1,"one"\n2,""\n3,\n');
    expect(opened.rowsRead()).toBe(3);
    await shop.untilGone();
  });

  it('of no rows has columns', async () => {
    const opened = await shop.read('SELECT note FROM shop.orders WHERE id > 3');
    expect(opened.columns).toEqual([{ name: 'note', kind: 'text' }]);
    expect(await textOf(opened)).toBe('');
    expect(opened.rowsRead()).toBe(0);
  });

  it('needs no right but to select: a view that the login may not explain is read without an estimate', async () => {
    await shop.mariaDb.sql('CREATE VIEW shop.notes AS SELECT note FROM shop.orders');
    const opened = await shop.read('SELECT * FROM shop.notes');
    expect(opened.expectedRows).toBeUndefined();
    expect(await textOf(opened)).toBe('"one"\n""\n\n');
  });

  it('binds values, whatever they hold and whatever escapes the server’s mode allows', async () => {
    const attacks = ["\\' OR 1=1 -- ", "' OR 1=1 -- ", '\\', "\\\\' OR ''='", '"', '\0\x1a'];
    const [{ mode } = { mode: '' }] = await shop.mariaDb.sql<{ mode: string }>('SELECT @@GLOBAL.sql_mode AS mode');
    await shop.mariaDb.sql(
      `SET GLOBAL sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT'`,
    );
    try {
      for (const attack of attacks) {
        expect(await shop.readAll([{ sql: 'SELECT id FROM shop.orders WHERE note = ?', bindings: [attack] }])).toBe('');
        expect(await shop.readAll([{ sql: 'SELECT ? AS a', bindings: [attack] }])).toBe(
          `"${attack.replaceAll('"', '""')}"\n`,
        );
      }
    } finally {
      await shop.mariaDb.sql('SET GLOBAL sql_mode = ?', [mode]);
    }
  });

  it.each([
    ['in another character set', "GLOBAL init_connect = 'SET NAMES latin1'", "GLOBAL init_connect = ''"],
    ['with a limit on rows', 'GLOBAL sql_select_limit = 1', 'GLOBAL sql_select_limit = DEFAULT'],
  ])('is whole where the server begins sessions %s', async (_, setting, reset) => {
    await shop.mariaDb.sql(`SET ${setting}`);
    try {
      const text = `CONVERT(X'${Buffer.from('恭喜🧧').toString('hex')}' USING utf8mb4)`;
      expect(await shop.readAll(`SELECT ${text} AS text UNION ALL SELECT '2'`)).toBe('"恭喜🧧"\n"2"\n');
    } finally {
      await shop.mariaDb.sql(`SET ${reset}`);
    }
  });

  it('binds values as texts, where the server begins sessions in a character set that would read a quote out of them', async () => {
    await shop.mariaDb.sql("SET GLOBAL init_connect = 'SET NAMES gbk'");
    try {
      const attack = { sql: 'SELECT id FROM shop.orders WHERE note = ?', bindings: ["中' OR 1=1 -- "] };
      expect(await shop.readAll([attack])).toBe('');
    } finally {
      await shop.mariaDb.sql("SET GLOBAL init_connect = ''");
    }
  });

  it('holds the server back while nobody takes the blocks', async () => {
    const { blocks, rowsRead, firstBytes } = await shop.begun(LARGE);
    const heldBack = await eventually(async () => {
      const rows = rowsRead();
      for (let look = 0; look < 20; look++) await shop.working();
      return rowsRead() === rows && rows;
    });
    // The block that was taken, the block that waits, and the block that was started.
    expect(heldBack).toBeLessThan((3 * firstBytes) / 1000);
    expect(await shop.working()).toEqual([expect.objectContaining({ state: 'Writing to net' })]);
    await blocks.return(undefined);
  });

  it('comes whole to a slow reader, in little memory', async () => {
    const slowReader = ['--expose-gc', join(projectRoot, 'test/support/slow-reader.ts')];
    const asked = [JSON.stringify(shop.login), `${LARGE}, shop.seq_1_to_3`];
    const { stdout } = await promisify(execFile)(process.execPath, [...slowReader, ...asked]);
    const { rows, bytes, peak } = JSON.parse(stdout);
    expect(rows).toBe(150_000);
    const digits = Array.from({ length: 50_000 }, (_, index) => `${index + 1}`).join('').length;
    expect(bytes).toBe(3 * (digits + 50_000 * ',""\n'.length + 50_000 * 1000));
    // Three blocks of 8 MiB, and one for everything in between; the whole result is 150 MB.
    expect(peak).toBeLessThan(32 * MIB);
  });
});

describe('several queries', () => {
  const select = (where: string) => ({ sql: `SELECT id, note FROM shop.orders WHERE ${where}`, bindings: [] });

  it('make one result, one after another', async () => {
    expect(await shop.readAll([select('id = 3'), select('id > 5'), select('id < 3')])).toBe('3,\n1,"one"\n2,""\n');
  });

  it.each(['REPEATABLE READ', 'READ COMMITTED'])(
    'see one moment, also where %s is the default: a row that is inserted between them is in none',
    async (level) => {
      const [before, after] = ['id <= 50000', 'id > 50000'].map((where) => ({
        sql: `${LARGE} WHERE ${where}`,
        bindings: [],
      }));
      await shop.mariaDb.sql(`SET GLOBAL TRANSACTION ISOLATION LEVEL ${level}`);
      const { blocks, rowsRead } = await shop.begun([before, after] as BoundQuery[]);
      expect(rowsRead()).toBeLessThan(50_000);
      await shop.mariaDb.sql("INSERT INTO shop.large VALUES (50001, 'late')");
      try {
        expect(await textOf({ blocks })).not.toContain('late');
        expect(rowsRead()).toBe(50_000);
        expect(await shop.readAll([after] as BoundQuery[])).toBe('50001,"late"\n');
      } finally {
        await shop.mariaDb.sql('SET GLOBAL TRANSACTION ISOLATION LEVEL REPEATABLE READ');
        await shop.mariaDb.sql('DELETE FROM shop.large WHERE id = 50001');
      }
    },
  );

  it('of different columns are refused', async () => {
    const other = { sql: 'SELECT id FROM shop.orders', bindings: [] };
    await expect(shop.readAll([select('id = 1'), other])).rejects.toMatchObject({
      code: 'COLUMNS_DIFFER',
      kind: 'permanent',
    });
  });

  it('must be at least one', async () => {
    await expect(shop.read([])).rejects.toMatchObject({ code: 'NO_QUERY', kind: 'permanent' });
  });
});
