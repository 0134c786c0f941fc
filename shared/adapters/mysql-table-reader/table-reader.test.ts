import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { eventually } from '../../../infra/local-cloud/test-support.ts';
import { type LocalMariaDb, startMariaDb } from '../../../infra/local-servers/mariadb.ts';
import { type RunFolder, runFolder } from '../../../infra/local-servers/run-folder.ts';
import type { BoundQuery, TableRead } from '../../ports/table-reader.ts';
import { mysqlTableReader } from './table-reader.ts';

const MIB = 1024 * 1024;
const never = new AbortController().signal;
const refused = { code: 'QUERY_REFUSED', kind: 'permanent' };
const unavailable = { code: 'DATABASE_UNAVAILABLE', kind: 'transient' };
/** 50 MB: more than the reader and the sockets between hold back. */
const LARGE = 'SELECT id, text FROM shop.large';

let folder: RunFolder;
let mariaDb: LocalMariaDb;

beforeAll(async () => {
  folder = await runFolder('test');
  mariaDb = await startMariaDb({ dir: join(folder.path, 'mariadb') });
  await mariaDb.sql('CREATE DATABASE shop');
  await mariaDb.sql("CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'secret'");
  await mariaDb.sql("GRANT SELECT, LOCK TABLES ON shop.* TO reader@'127.0.0.1'");
  await mariaDb.sql('CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(100))');
  await mariaDb.sql("INSERT INTO shop.orders VALUES (1, 'one'), (2, ''), (3, NULL)");
  await mariaDb.sql('CREATE TABLE shop.large (id INT PRIMARY KEY, text VARCHAR(1000))');
  await mariaDb.sql("INSERT INTO shop.large SELECT seq, REPEAT('x', 1000) FROM shop.seq_1_to_50000");
});
afterEach(async () => {
  await eventually(() => !process.getActiveResourcesInfo().includes('TCPSocketWrap'));
});
afterAll(async () => {
  await mariaDb.stop();
  await folder.remove();
});

const login = () => ({ host: '127.0.0.1', port: mariaDb.port, user: 'reader', password: 'secret' });

const read = (queries: string | Iterable<BoundQuery>, signal = never, options = login()): Promise<TableRead> =>
  mysqlTableReader(options).read(typeof queries === 'string' ? [{ sql: queries, bindings: [] }] : queries, signal);

/** The rest of the rows as CSV. */
async function textOf({ blocks }: Pick<TableRead, 'blocks'>): Promise<string> {
  const copies: Buffer[] = [];
  for await (const block of blocks) copies.push(Buffer.from(block));
  return Buffer.concat(copies).toString();
}

const readAll = async (...args: Parameters<typeof read>): Promise<string> => textOf(await read(...args));

/** A read of which the first block has come. */
async function begun(queries: string | Iterable<BoundQuery>, signal = never) {
  const opened = await read(queries, signal);
  const blocks = opened.blocks[Symbol.asyncIterator]() as AsyncGenerator<Buffer>;
  const first = (await blocks.next()).value as Buffer;
  return { ...opened, blocks, firstBytes: first.length };
}

interface Process {
  id: number;
  state: string;
}

/** What the server does for the reader. */
const working = () =>
  mariaDb.sql<Process>(
    "SELECT id, state FROM information_schema.processlist WHERE user = 'reader' AND info IS NOT NULL",
  );
const connected = () => mariaDb.sql("SELECT id FROM information_schema.processlist WHERE user = 'reader'");

const untilWorking = (state: RegExp) =>
  eventually(async () => {
    const [own] = await working();
    return own && state.test(own.state) && own;
  });

const untilGone = () => eventually(async () => (await connected()).length === 0);

/** Runs `act` and asserts that the server is rid of the reader within a second. */
async function expectGoneAfter(act: () => unknown): Promise<void> {
  const from = performance.now();
  await act();
  await untilGone();
  expect(performance.now() - from).toBeLessThan(1000);
}

describe('a read', () => {
  it('gives columns, rows, their number, the server’s estimate and the time of the snapshot', async () => {
    const [{ now } = { now: '' }] = await mariaDb.sql<{ now: string }>('SELECT NOW(3) AS now');
    const opened = await read('SELECT * FROM shop.orders');
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
    await untilGone();
  });

  it('of no rows has columns', async () => {
    const opened = await read('SELECT note FROM shop.orders WHERE id > 3');
    expect(opened.columns).toEqual([{ name: 'note', kind: 'text' }]);
    expect(await textOf(opened)).toBe('');
    expect(opened.rowsRead()).toBe(0);
  });

  it('needs no right but to select: a view that the login may not explain is read without an estimate', async () => {
    await mariaDb.sql('CREATE VIEW shop.notes AS SELECT note FROM shop.orders');
    const opened = await read('SELECT * FROM shop.notes');
    expect(opened.expectedRows).toBeUndefined();
    expect(await textOf(opened)).toBe('"one"\n""\n\n');
  });

  it('binds values, whatever they hold and whatever escapes the server’s mode allows', async () => {
    const attacks = ["\\' OR 1=1 -- ", "' OR 1=1 -- ", '\\', "\\\\' OR ''='", '"', '\0\x1a'];
    const [{ mode } = { mode: '' }] = await mariaDb.sql<{ mode: string }>('SELECT @@GLOBAL.sql_mode AS mode');
    await mariaDb.sql(`SET GLOBAL sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT'`);
    try {
      for (const attack of attacks) {
        expect(await readAll([{ sql: 'SELECT id FROM shop.orders WHERE note = ?', bindings: [attack] }])).toBe('');
        expect(await readAll([{ sql: 'SELECT ? AS a', bindings: [attack] }])).toBe(
          `"${attack.replaceAll('"', '""')}"\n`,
        );
      }
    } finally {
      await mariaDb.sql('SET GLOBAL sql_mode = ?', [mode]);
    }
  });

  it('holds the server back while nobody takes the blocks', async () => {
    const { blocks, rowsRead, firstBytes } = await begun(LARGE);
    const heldBack = await eventually(async () => {
      const rows = rowsRead();
      for (let look = 0; look < 20; look++) await working();
      return rowsRead() === rows && rows;
    });
    // The block taken, the one that waits, and the one that was begun.
    expect(heldBack).toBeLessThan((3 * firstBytes) / 1000);
    expect(await working()).toEqual([expect.objectContaining({ state: 'Writing to net' })]);
    await blocks.return(undefined);
  });

  it('comes whole to a slow reader, in little memory', async () => {
    const { blocks, rowsRead, firstBytes } = await begun(`${LARGE}, shop.seq_1_to_6`);
    let bytes = firstBytes;
    let peak = 0;
    for await (const block of blocks) {
      bytes += block.length;
      for (let look = 0; look < 5; look++) await working();
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    }
    expect(rowsRead()).toBe(300_000);
    const digits = Array.from({ length: 50_000 }, (_, index) => `${index + 1}`).join('').length;
    expect(bytes).toBe(6 * (digits + 50_000 * ',""\n'.length + 50_000 * 1000));
    // Three blocks, and what the garbage collector has not seen to yet.
    expect(peak).toBeLessThan(200 * MIB);
  });
});

describe('several queries', () => {
  const select = (where: string) => ({ sql: `SELECT id, note FROM shop.orders WHERE ${where}`, bindings: [] });

  it('make one result, one after another', async () => {
    expect(await readAll([select('id = 3'), select('id > 5'), select('id < 3')])).toBe('3,\n1,"one"\n2,""\n');
  });

  it('see one moment: a row that is inserted between them is in none', async () => {
    const [before, after] = ['id <= 50000', 'id > 50000'].map((where) => ({
      sql: `${LARGE} WHERE ${where}`,
      bindings: [],
    }));
    const { blocks, rowsRead } = await begun([before, after] as BoundQuery[]);
    expect(rowsRead()).toBeLessThan(50_000);
    await mariaDb.sql("INSERT INTO shop.large VALUES (50001, 'late')");
    try {
      expect(await textOf({ blocks })).not.toContain('late');
      expect(rowsRead()).toBe(50_000);
      expect(await readAll([after] as BoundQuery[])).toBe('50001,"late"\n');
    } finally {
      await mariaDb.sql('DELETE FROM shop.large WHERE id = 50001');
    }
  });

  it('of different columns are refused', async () => {
    const other = { sql: 'SELECT id FROM shop.orders', bindings: [] };
    await expect(readAll([select('id = 1'), other])).rejects.toMatchObject({
      code: 'COLUMNS_DIFFER',
      kind: 'permanent',
    });
  });

  it('must be at least one', async () => {
    await expect(read([])).rejects.toMatchObject({ code: 'NO_QUERY', kind: 'permanent' });
  });
});

describe('a read that is given up is gone from the server within a second', () => {
  const wanted = Object.assign(new Error('nobody waits'), { name: 'Wanted' });

  it('when it is aborted between blocks, though nobody asks for the next', async () => {
    const cancel = new AbortController();
    const { blocks } = await begun(LARGE, cancel.signal);
    await expectGoneAfter(() => cancel.abort(wanted));
    await expect(blocks.next()).rejects.toMatchObject({ cause: wanted });
  });

  it.each<[during: string, sql: string, state: RegExp]>([
    ['a sort', 'SELECT a.seq FROM shop.seq_1_to_3000 a, shop.seq_1_to_3000 b ORDER BY RAND()', /sort|Sending data/i],
    ['a sleep', 'SELECT SLEEP(60)', /sleep/],
  ])('when it is aborted during %s', async (_during, sql, state) => {
    const cancel = new AbortController();
    const failed = expect(readAll(sql, cancel.signal)).rejects.toMatchObject({ cause: wanted });
    await untilWorking(state);
    await expectGoneAfter(() => cancel.abort(wanted));
    await failed;
  });

  it('when it is aborted while somebody else holds the table', async () => {
    const holder = await createConnection({ ...mariaDb.root, host: '127.0.0.1', port: mariaDb.port });
    await holder.query('LOCK TABLES shop.orders WRITE');
    try {
      const cancel = new AbortController();
      const failed = expect(readAll('SELECT * FROM shop.orders', cancel.signal)).rejects.toMatchObject({
        cause: wanted,
      });
      await untilWorking(/metadata lock/);
      await expectGoneAfter(() => cancel.abort(wanted));
      await failed;
    } finally {
      await holder.end();
    }
  });

  it('when it was aborted before it began', async () => {
    await expectGoneAfter(() =>
      expect(readAll(LARGE, AbortSignal.abort(wanted))).rejects.toMatchObject({ cause: wanted }),
    );
  });

  it('when the reader leaves', async () => {
    const { blocks } = await begun(LARGE);
    await expectGoneAfter(() => blocks.return(undefined));
  });

  it('when a row is too large', async () => {
    const tooLarge =
      "SELECT IF(id < 20000, text, REPEAT('x', 16000000)) a, REPEAT('x', 800000) b FROM shop.large WHERE id > 19999";
    await expectGoneAfter(() =>
      expect(readAll(tooLarge)).rejects.toMatchObject({ code: 'ROW_TOO_LARGE', kind: 'permanent' }),
    );
  });
});

describe('a fault', () => {
  it.each<[name: string, sql: string, message: RegExp]>([
    ['a missing table', 'SELECT * FROM shop.nothing', /shop.nothing.*exist/],
    ['a missing column', 'SELECT nothing FROM shop.orders', /nothing/],
    ['a table that the login may not read', 'SELECT * FROM mysql.user', /denied/],
    ['bad SQL', 'SELECT FROM', /syntax/],
    [
      'an error in the middle of the rows',
      'SELECT IF(id < 9000, text, (SELECT 1 UNION SELECT id)) FROM shop.large',
      /more than 1 row/,
    ],
  ])('is for good: %s', async (_name, sql, message) => {
    await expect(readAll(sql)).rejects.toMatchObject({ ...refused, message: expect.stringMatching(message) });
  });

  it('is for good: a wrong password', async () => {
    const failed = readAll('SELECT 1', never, { ...login(), password: 'wrong' });
    await expect(failed).rejects.toMatchObject({ ...refused, message: expect.stringMatching(/denied/) });
  });

  it('passes: a connection that is killed on the way, and never is it the end of the rows', async () => {
    const { blocks } = await begun(LARGE);
    const { id } = await untilWorking(/Writing to net/);
    await mariaDb.sql(`KILL ${id}`);
    await expect(textOf({ blocks })).rejects.toMatchObject(unavailable);
  });

  it('passes: a query that is killed while it works', async () => {
    const failed = expect(readAll('SELECT SLEEP(60) FROM shop.orders')).rejects.toMatchObject(unavailable);
    const { id } = await untilWorking(/sleep/);
    await mariaDb.sql(`KILL QUERY ${id}`);
    await failed;
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGKILL'])('passes: a server that ends on the way by %s', async (signal) => {
    const { blocks } = await begun(LARGE);
    mariaDb.kill(signal);
    await expect(textOf({ blocks })).rejects.toMatchObject(unavailable);
    await eventually(() =>
      readAll('SELECT 1').then(
        () => false,
        ({ message }) => /REFUSED/.test(message),
      ),
    );
    await expect(readAll('SELECT 1')).rejects.toMatchObject(unavailable);
    await mariaDb.restart();
    expect(await readAll('SELECT 1')).toBe('1\n');
  });
});
