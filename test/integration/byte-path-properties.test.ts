import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Connection, createConnection } from 'mysql2/promise';
import { type LocalMariaDb, startMariaDb } from '../../infra/local-servers/mariadb.ts';
import { type RunFolder, runFolder } from '../../infra/local-servers/run-folder.ts';
import { anyCell } from '../support/any-text.ts';
import { exportRows, neutralised, nullsOf } from '../support/byte-path.ts';
import { readCsv } from '../support/read-csv.ts';

let folder: RunFolder;
let mariaDb: LocalMariaDb;
let connection: Connection;

beforeAll(async () => {
  folder = await runFolder('test');
  mariaDb = await startMariaDb({ dir: join(folder.path, 'mariadb') });
  await mariaDb.sql('CREATE DATABASE any_rows');
  connection = await createConnection({ ...mariaDb.root, host: mariaDb.host, port: mariaDb.port });
});
beforeEach(async () => {
  await mariaDb.sql(
    `CREATE OR REPLACE TABLE any_rows.t (
      id INT PRIMARY KEY, short VARCHAR(100), long_one LONGTEXT, bytes VARBINARY(40), number BIGINT, amount DECIMAL(18,4)
    )`,
  );
});
afterAll(async () => {
  await connection.end();
  await mariaDb.stop();
  await folder.remove();
});

type Row = [
  short: string | null,
  long: string | null,
  bytes: Uint8Array | null,
  number: bigint | null,
  amount: string | null,
];

async function insert(rows: readonly Row[]): Promise<void> {
  await connection.query('TRUNCATE any_rows.t');
  const values = rows.map(([short, long, bytes, ...numbers], id) => [
    ...[id, short, long, bytes && Buffer.from(bytes)],
    ...numbers,
  ]);
  // A statement may be at most 16 MiB long.
  for (let from = 0; from < values.length; from += 500) {
    await connection.query('INSERT INTO any_rows.t VALUES ?', [values.slice(from, from + 500)]);
  }
}

/** Returns a row's cells as they should be exported; NULL is null. */
function cellsOf([short, long, bytes, number, amount]: Row, id: number, guarded: boolean): (string | null)[] {
  const text = (cell: string | null) => (cell !== null && guarded ? neutralised(cell) : cell);
  const hex = bytes && `0x${Buffer.from(bytes).toString('hex').toUpperCase()}`;
  return [`${id}`, text(short), text(long), hex, number === null ? null : `${number}`, amount];
}

async function expectAllOut(rows: readonly Row[], guarded: boolean): Promise<void> {
  await insert(rows);
  const exported = await exportRows(mariaDb, 'SELECT * FROM any_rows.t ORDER BY id', guarded);
  const expected = rows.map((row, id) => cellsOf(row, id, guarded));
  expect([exported.result.rows, exported.rows]).toEqual([rows.length, rows.length]);
  expect(await readCsv(exported.csv)).toEqual(expected.map((cells) => cells.map((cell) => cell ?? '')));
  expect(nullsOf(exported.csv)).toEqual(expected.map((cells) => cells.map((cell) => cell === null)));
}

const longText = fc
  .tuple(anyCell, fc.integer({ min: 1, max: 3000 }))
  .map(([cell, times]) => cell?.repeat(times) ?? null);
const amount = fc
  .bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n })
  .map(
    (units) =>
      `${units < 0n ? '-' : ''}${`${units < 0n ? -units : units}`.padStart(5, '0').replace(/(\d{4})$/, '.$1')}`,
  );
const anyRow: fc.Arbitrary<Row> = fc.tuple(
  anyCell,
  fc.oneof({ weight: 5, arbitrary: anyCell }, { weight: 1, arbitrary: longText }),
  fc.option(fc.uint8Array({ maxLength: 40 })),
  fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  fc.option(amount),
);

it('any rows come out as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { maxLength: 60 }), fc.boolean(), (rows, guarded) => expectAllOut(rows, guarded)),
    { numRuns: 40 },
  );
});

it('rows come out as they went in though they lie across blocks and parts', async () => {
  // 54 MB, more than four blocks. Lengths and texts repeat with periods that have no common factor.
  const texts = ['x', '"', 'a,b\n', '🧧', "'", '恭喜\r\n'];
  const rows = Array.from({ length: 9000 }, (_, id): Row => {
    const text = (texts[id % texts.length] as string).repeat((id * 7919) % 3001);
    return [`=${id}`, text, null, BigInt(id), null];
  });
  await insert(rows);
  const { result, csv } = await exportRows(mariaDb, 'SELECT * FROM any_rows.t ORDER BY id', true);
  expect('parts' in result.content && result.content.parts.length).toBeGreaterThan(4);
  const cells = await readCsv(csv);
  expect(cells.length).toBe(rows.length);
  const wrong = rows.findIndex((row, id) =>
    cellsOf(row, id, true).some((cell, column) => cells[id]?.[column] !== (cell ?? '')),
  );
  expect(wrong).toBe(-1);
});
