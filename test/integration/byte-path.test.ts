import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalMariaDb, startMariaDb } from '../../infra/local-servers/mariadb.ts';
import { type RunFolder, runFolder } from '../../infra/local-servers/run-folder.ts';
import { MAX_ROW_BYTES } from '../../shared/adapters/mysql-table-reader/csv-encoder.ts';
import { clientShows, type Exported, exportRows, neutralised, nullsOf } from '../support/byte-path.ts';
import { readCsv } from '../support/read-csv.ts';

/** The texts, as SQL literals. */
const TEXTS = [
  "''",
  ...[
    "' '",
    "'a'",
    "'a,b'",
    "'\"'",
    '\'a""b\'',
    "'\\n'",
    "'a\\r\\nb'",
    "'\\r'",
    "'\\t'",
    "'\\\\'",
    "'\\\\N'",
    "'NULL'",
  ],
  ...["'=1+1'", "'+1'", "'-1'", "'-x'", "'@x'", "'#'", "'0x41'", "'null'", "'a\\0b'", "'true'"],
];
const UNICODE = ["'恭喜發財'", "'🧧'", "'é'", "'e\u0301'", "_utf8mb4 X'EFBBBF41'", "'\u2028'", "_utf8mb4 X'F48FBFBF'"];
const BYTES = ["X''", "X'00'", "X'0001FF220A2C'", "X'3D31'", "'text'"];
const DATES = ["'2026-03-01'", "'9999-12-31'", "'1000-01-01'", "'0000-00-00'", "'2026-00-00'", "'2026-02-31'"];
const DATETIMES = [
  ...["'2026-03-01 12:34:56.123456'", "'2026-03-01 00:00:00'", "'9999-12-31 23:59:59'", "'0000-00-00 00:00:00'"],
  "'1000-01-01 00:00:00.000001'",
];
const TIMESTAMPS = [
  ...["'2026-03-01 12:34:56.123456'", "'1970-01-01 08:00:01'", "'2038-01-19 11:14:07'", "'0000-00-00 00:00:00'"],
  "'2026-06-30 23:59:59.5'",
];
const TIMES = [
  ...[
    "'838:59:59'",
    "'-838:59:59'",
    "'00:00:00'",
    "'-00:00:00.5'",
    "'100:00:00.000001'",
    "'-12:30:15.25'",
    "'23:59:59.9'",
  ],
];
const FRACTIONS = [0, 1, 2, 3, 4, 5, 6];
const DOUBLES = [
  ...['0', '1.5', '-1.5', '0.1', '1e15', '1e16', '-1e-5', '123456789.123456789', '1.7976931348623157e308'],
  ...['-1.7976931348623157e308', '2.2250738585072014e-308', '4.9e-324', '1e0', '100000', '12345678901234567890'],
];
const FLOATS = [
  '0',
  '1.5',
  '-1.5',
  '0.1',
  '3.40282e38',
  '-3.40282e38',
  '1.17549e-38',
  '16777216',
  '1e10',
  '123456.789',
];
const NINES = (digits: number) => '9'.repeat(digits);

/** Every type by its declaration, with its values. The guard applies to those marked as text. */
const TYPES: [declaration: string, values: string[], text?: 'text'][] = [
  ['tinyint', ['-128', '0', '127']],
  ['tinyint(1)', ['0', '1', '-1']],
  ['tinyint unsigned', ['0', '255']],
  ['smallint', ['-32768', '32767']],
  ['smallint unsigned', ['65535']],
  ['mediumint', ['-8388608', '8388607']],
  ['mediumint unsigned', ['16777215']],
  ['int', ['-2147483648', '2147483647', '0']],
  ['int unsigned', ['4294967295']],
  ['bigint', ['-9223372036854775808', '9223372036854775807', '9007199254740993']],
  ['bigint unsigned', ['18446744073709551615', '0']],
  ['int(6) zerofill', ['0', '42', '4294967295']],
  ['bigint zerofill', ['0', '42', '18446744073709551615']],
  ['decimal(65,30)', [`${NINES(35)}.${NINES(30)}`, `-${NINES(35)}.${NINES(30)}`, '0', `-0.${'0'.repeat(29)}1`]],
  ['decimal(65,0)', [NINES(65), `-${NINES(65)}`]],
  ['decimal(38,38)', [`0.${NINES(38)}`, `-0.${NINES(38)}`]],
  ['decimal(20,4)', [`${NINES(16)}.9999`, `-${NINES(16)}.9999`, '-0.5']],
  ['decimal(19,0)', [NINES(19), `-${NINES(19)}`]],
  ['decimal(18,0)', [NINES(18), `-${NINES(18)}`, '0']],
  ['decimal(18,4)', [`${NINES(14)}.9999`, `-${NINES(14)}.9999`, '0', '0.5', '-0.0001', '-0.0000']],
  ['decimal(18,18)', [`0.${NINES(18)}`, `-0.${NINES(18)}`, '0']],
  ['decimal(4,4)', ['0.9999', '-0.9999', '0']],
  ['decimal(5,2) unsigned', ['999.99', '0.1']],
  ['decimal(8,2) zerofill', ['7.5', '0']],
  ['float', FLOATS],
  ['float unsigned', ['0.25']],
  ['float(10,2)', ['-1234567.5', '0.125', '0']],
  ['float zerofill', ['1.5']],
  ['double', DOUBLES],
  ['double(20,5)', ['-123456789.123456', '0']],
  ['bit', ["b'0'", "b'1'"]],
  ['bit(8)', ["b'10101010'", '0', '255']],
  ['bit(9)', ["b'100000001'"]],
  ['bit(64)', ['0', '18446744073709551615', '1']],
  ['date', DATES],
  ...FRACTIONS.map((digits): [string, string[]] => [`datetime(${digits})`, DATETIMES]),
  ...FRACTIONS.map((digits): [string, string[]] => [`timestamp(${digits}) null`, TIMESTAMPS]),
  ...FRACTIONS.map((digits): [string, string[]] => [`time(${digits})`, TIMES]),
  ['year', ['1901', '2155', '0']],
  ['char(10)', TEXTS, 'text'],
  ['varchar(20)', [...TEXTS, ...UNICODE], 'text'],
  ['tinytext', [...TEXTS, ...UNICODE, "REPEAT('x', 255)"], 'text'],
  ['text', [...TEXTS, ...UNICODE, "REPEAT('x', 65535)"], 'text'],
  ['mediumtext', [...TEXTS, ...UNICODE, "REPEAT('🧧', 16384)", "REPEAT('\"', 65536)"], 'text'],
  ['longtext', [...TEXTS, ...UNICODE, "REPEAT('x', 3000000)"], 'text'],
  ['varchar(20) character set latin1', [...TEXTS, "'é€ÿ'", "_latin1 X'81'"], 'text'],
  ['char(5) character set ascii', ["'a'", "''"], 'text'],
  ['text character set gbk', [...TEXTS, "'恭喜'"], 'text'],
  ['text character set big5', ["'恭喜發財'"], 'text'],
  ['text character set utf16', [...TEXTS, "'🧧'"], 'text'],
  ['text character set ucs2', [...TEXTS, "'恭喜'"], 'text'],
  ['text character set cp1251', ["'Привет'"], 'text'],
  ['text character set utf8mb3', ["'恭喜'"], 'text'],
  ['varchar(20) collate utf8mb4_bin', [...TEXTS, ...UNICODE], 'text'],
  ['binary(6)', BYTES],
  ['varbinary(10)', BYTES],
  ['tinyblob', BYTES],
  ['blob', [...BYTES, "REPEAT(X'00FF', 30000)"]],
  ['mediumblob', BYTES],
  ['longblob', [...BYTES, "REPEAT('=', 100000)"]],
  [`enum('a','b"c','=d','恭')`, ["'a'", `'b"c'`, "'=d'", "'恭'", "'not one of them'"], 'text'],
  [`set('a','b','恭')`, ["''", "'a'", "'a,b'", "'b,恭'"], 'text'],
  ['json', [`'{"a": [1, 2.50, "x,\\\\"y\\\\""]}'`, "'null'", `'""'`, "'-1'", "'[]'"], 'text'],
  ['uuid', ["'123e4567-e89b-12d3-a456-426655440000'"], 'text'],
  ['inet4', ["'192.168.0.1'"], 'text'],
  ['inet6', ["'::1'", "'2001:db8::ff00:42:8329'", "'::ffff:192.0.2.128'"], 'text'],
  ['geometry', ['POINT(1, -2)', "ST_GeomFromText('POLYGON((0 0,0 1,1 1,0 0))')"]],
  ['point', ['POINT(0.1, 1e300)']],
];

const ROWS = Math.max(...TYPES.map(([, values]) => values.length)) + 1;
const columnOf = (index: number) => `c${index}`;

let folder: RunFolder;
let mariaDb: LocalMariaDb;
/** The exports, by whether the guard was on. */
let exported: Map<boolean, Exported & { cells: string[][]; nulls: boolean[][] }>;

beforeAll(async () => {
  folder = await runFolder('test');
  mariaDb = await startMariaDb({ dir: join(folder.path, 'mariadb') });
  // Zero dates and values that do not quite fit are stored as in old tables. Every session shows times in this zone.
  await mariaDb.sql("SET GLOBAL sql_mode = '', time_zone = '+08:00'");
  await mariaDb.sql('CREATE DATABASE types');
  const declarations = TYPES.map(([declaration], index) => `${columnOf(index)} ${declaration}`);
  await mariaDb.sql(`CREATE TABLE types.t (id INT PRIMARY KEY, ${declarations.join(', ')})`);
  for (let row = 0; row < ROWS; row++) {
    const values = TYPES.map(([, list]) => list[row] ?? 'NULL');
    await mariaDb.sql(`INSERT INTO types.t VALUES (${[row, ...values].join(', ')})`);
  }
  exported = new Map();
  for (const guarded of [false, true]) {
    const whole = await exportRows(mariaDb, 'SELECT * FROM types.t ORDER BY id', guarded);
    exported.set(guarded, { ...whole, cells: await readCsv(whole.csv), nulls: nullsOf(whole.csv) });
  }
});
afterAll(async () => {
  await mariaDb.stop();
  await folder.remove();
});

describe('what comes out is what the mariadb client shows', () => {
  it('row by row', () => {
    for (const { result, rows, cells, nulls } of exported.values()) {
      expect([result.rows, rows, cells.length, nulls.length]).toEqual([ROWS, ROWS, ROWS, ROWS]);
    }
  });

  // Bytes (BIT, BINARY, VARBINARY, the BLOBs and spatial types) are shown as by the client's --binary-as-hex.
  it.each(TYPES.map(([declaration, values, text], index) => ({ declaration, values, text, index })))(
    '$declaration',
    async ({ values, text, index }) => {
      const column = columnOf(index);
      const select = (expression: string) =>
        values.map((_, row) => `SELECT ${expression} FROM types.t WHERE id = ${row}`);
      const shown = await clientShows(mariaDb, select(column));
      // The server has accepted each value: none is NULL. Only the rows after the last value are.
      expect(await clientShows(mariaDb, select(`${column} IS NULL`))).toEqual(values.map(() => '0'));

      for (const [guarded, { cells, nulls }] of exported) {
        const expected = shown.map((cell) => (guarded && text ? neutralised(cell) : cell));
        expect(values.map((_, row) => cells[row]?.[index + 1])).toEqual(expected);
        expect(nulls.map((row) => row[index + 1])).toEqual(
          Array.from({ length: ROWS }, (_, row) => row >= values.length),
        );
      }
    },
  );
});

describe('a value that cannot be exported is refused for good', () => {
  it('a row of more than 16 MiB', async () => {
    const select = (bytes: number) => `SELECT REPEAT('x', ${bytes}) AS long_text`;
    const largest = await exportRows(mariaDb, select(MAX_ROW_BYTES - 3), true);
    expect(largest.csv.length).toBe(MAX_ROW_BYTES - 2);
    expect(largest.result.longestRow).toBe(MAX_ROW_BYTES);
    await expect(exportRows(mariaDb, select(MAX_ROW_BYTES - 2), true)).rejects.toMatchObject({
      code: 'ROW_TOO_LARGE',
      kind: 'permanent',
    });
  });

  it('half a surrogate pair, which the server takes for a character', async () => {
    await expect(exportRows(mariaDb, "SELECT _utf8mb4 X'EDA080' AS broken", true)).rejects.toMatchObject({
      code: 'JOIN_FAILED',
      kind: 'permanent',
      message: expect.stringMatching(/unicode/),
    });
  });
});
