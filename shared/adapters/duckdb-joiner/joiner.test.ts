import { describe, expect, it } from '@jest/globals';
import { csvSource, joinAll, plain } from '../../../test/support/joining.ts';
import type { Column } from '../../domain/columns.ts';
import type { JoinSource } from '../../ports/joiner.ts';
import { MAX_ROW_BYTES } from '../mysql-table-reader/csv-encoder.ts';
import { duckDbJoiner } from './joiner.ts';

const joiner = duckDbJoiner({ memoryLimit: '256MB', spillLimit: '256MB' });

const userId: Column = { name: 'user_id', kind: 'unsigned' };
const orderNo: Column = { name: 'order_no', kind: 'integer' };
const tagName: Column = { name: 'tag', kind: 'text' };
const orders = (...csv: string[]) => csvSource('orders', [orderNo, userId], ...csv);
const tags = (...csv: string[]) => csvSource('tags', [userId, tagName], ...csv);
const numbers = (name: string, from: number, to: number) =>
  csvSource(
    name,
    [{ name: 'n', kind: 'integer' }],
    Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join(''),
  );

async function join(sources: JoinSource[], sql: string, ...columns: string[]): Promise<string> {
  const { csv, rows } = await joinAll(joiner, sources, sql, plain(...columns));
  expect(csv.toString().split('\n').length - 1).toBe(rows);
  return csv.toString();
}

const INNER = 'SELECT order_no, tag FROM orders JOIN tags USING (user_id)';
const LEFT = 'SELECT order_no, tag FROM orders LEFT JOIN tags USING (user_id)';

describe('a join', () => {
  const threeOrders = () => orders('12,1\n11,2\n', '10,1\n');
  const threeTags = () => tags('1,"VIP"\n1,"new"\n3,""\n');

  it('pairs what both sides have', async () => {
    const rows = (await join([threeOrders(), threeTags()], INNER, 'order_no', 'tag')).trim().split('\n');
    expect(rows.sort()).toEqual(['10,VIP', '10,new', '12,VIP', '12,new']);
  });

  it('keeps what only the left side has', async () => {
    const rows = (await join([threeOrders(), threeTags()], LEFT, 'order_no', 'tag')).trim().split('\n');
    expect(rows.sort()).toEqual(['10,VIP', '10,new', '11,', '12,VIP', '12,new']);
  });

  it('writes the columns that were asked for, in their order', async () => {
    expect(await join([threeOrders()], 'SELECT * FROM orders', 'user_id', 'order_no')).toBe('1,12\n2,11\n1,10\n');
  });

  it.each<[what: string, orders: string[], tags: string[], inner: string, left: string]>([
    ['no orders', [], ['1,"VIP"\n'], '', ''],
    ['no tags', ['12,1\n'], [], '', '12,\n'],
    ['neither', [], [], '', ''],
    ['no pairs', ['12,1\n'], ['2,"VIP"\n'], '', '12,\n'],
  ])('of %s', async (_what, ordersCsv, tagsCsv, inner, left) => {
    expect(await join([orders(...ordersCsv), tags(...tagsCsv)], INNER, 'order_no', 'tag')).toBe(inner);
    expect(await join([orders(...ordersCsv), tags(...tagsCsv)], LEFT, 'order_no', 'tag')).toBe(left);
  });

  it('NULL pairs with nothing, and neither do texts that differ in case or trailing blanks', async () => {
    const left = csvSource('l', [tagName], '\n"a"\n"A"\n"a "\n""\n');
    const right = csvSource('r', [tagName], '\n"a"\n""\n');
    expect(await join([left, right], 'SELECT l.tag FROM l JOIN r USING (tag)', 'tag')).toBe('a\n""\n');
  });

  describe('of many rows', () => {
    const shuffled = Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 300_007);
    const sorted = shuffled.toSorted((a, b) => a - b);
    /** Returns a source of the rows, whose parts have from none to many rows. */
    const inParts = (name: string, columns: Column[], row: (n: number) => string) => {
      const ends = [0, 0, 1, 70_000, 72_000, 150_000, 299_999, 300_000];
      const parts = ends.map((end, index) =>
        shuffled
          .slice(ends[index - 1] ?? 0, end)
          .map(row)
          .join(''),
      );
      return csvSource(name, columns, ...parts);
    };

    it('has each of them once, from however many parts', async () => {
      const left = inParts('l', [orderNo, userId], (n) => `${n},${n % 1000}\n`);
      const right = tags(Array.from({ length: 1000 }, (_, id) => `${id},"tag ${id}"\n`).join(''));
      const sql = 'SELECT order_no, tag FROM l LEFT JOIN tags USING (user_id)';
      const rows = (await join([left, right], sql, 'order_no', 'tag')).trimEnd().split('\n');
      const byNumber = rows.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
      expect(byNumber.join('\n') === sorted.map((n) => `${n},tag ${n % 1000}`).join('\n')).toBe(true);
    });

    it('has them in the order asked for, also when it has to spill', async () => {
      const small = duckDbJoiner({ memoryLimit: '32MB', spillLimit: '256MB' });
      const source = inParts('s', [orderNo, tagName], (n) => `${n},"${n} ${'x'.repeat(100)}"\n`);
      const { csv } = await joinAll(small, [source], 'SELECT * FROM s ORDER BY order_no', plain('order_no', 'tag'));
      expect(csv.toString() === sorted.map((n) => `${n},${n} ${'x'.repeat(100)}\n`).join('')).toBe(true);
    });
  });
});

describe('a source', () => {
  it('that the SQL never reads is left alone', async () => {
    expect(await join([orders('12,1\n'), numbers('unread', 0, 100_000)], 'SELECT * FROM orders', 'order_no')).toBe(
      '12\n',
    );
    expect(await join([numbers('unread', 0, 100_000)], 'SELECT 1 AS one', 'one')).toBe('1\n');
    expect(await join([], 'SELECT 1 AS one', 'one')).toBe('1\n');
  });

  it('that the SQL needs no more of is not read to its end', async () => {
    let fetched = 0;
    const part = async () => {
      fetched++;
      return Buffer.from('1\n'.repeat(10_000));
    };
    const source = { ...numbers('s', 0, 0), parts: Array(300).fill(part) };
    expect(await join([source], 'SELECT n FROM s LIMIT 2', 'n')).toBe('1\n1\n');
    expect(await join([source, numbers('none', 0, 0)], 'SELECT s.n FROM s JOIN none USING (n)', 'n')).toBe('');
    expect(fetched).toBeLessThan(10);
  });

  it.each([
    ['joined with itself', 'SELECT a.n FROM s a JOIN s b ON b.n = a.n + 1', '1\n2\n'],
    ['joined with itself twice', 'SELECT a.n FROM u a JOIN s USING (n) JOIN s b ON b.n = a.n + 1', '2\n'],
    ['in a subquery', 'SELECT n FROM s WHERE n > (SELECT min(n) FROM s) ORDER BY n', '2\n3\n'],
    ['united with itself', 'SELECT n FROM s UNION ALL SELECT n FROM s', '1\n2\n3\n1\n2\n3\n'],
    ['under another name', 'WITH t AS (SELECT * FROM s) SELECT a.n FROM t a JOIN t b USING (n)', '1\n2\n3\n'],
    [
      'in every round of a recursion',
      'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT s.n FROM t JOIN s ON s.n = t.n + 1) SELECT * FROM t',
      '1\n2\n3\n',
    ],
  ])('may be read more than once: %s', async (_how, sql, expected) => {
    expect(await join([numbers('s', 1, 4), numbers('u', 2, 9)], sql, 'n')).toBe(expected);
  });

  it('may be one of many', async () => {
    const sources = Array.from({ length: 12 }, (_, index) => numbers(`s${index}`, index, 20_000));
    const sql = `SELECT n FROM s0 ${sources
      .slice(1)
      .map(({ name }) => `JOIN ${name} USING (n)`)
      .join(' ')} ORDER BY n`;
    const joined = await join(sources, sql, 'n');
    expect(joined.split('\n').length - 1).toBe(20_000 - 11);
    expect(joined.startsWith('11\n12\n')).toBe(true);
  });

  it('gives rows of up to 16 MiB of CSV, wherever they begin', async () => {
    const largest = `"${'x'.repeat(MAX_ROW_BYTES - 3)}"\n`;
    const quotes = `"${'""'.repeat(MAX_ROW_BYTES / 2 - 2)}"\n`;
    const source = {
      ...csvSource('s', [tagName], '"a"\n', largest, '"b"\n', quotes, largest),
      longestRow: MAX_ROW_BYTES,
    };
    const sql = 'SELECT length(tag) AS n, left(tag, 1) AS first FROM s ORDER BY n, first';
    const [half, whole] = [MAX_ROW_BYTES / 2 - 2, MAX_ROW_BYTES - 3];
    expect(await join([source], sql, 'n', 'first')).toBe(`1,a\n1,b\n${half},""""\n${whole},x\n${whole},x\n`);
  });

  it('whose rows are longer than it says fails', async () => {
    const source = { ...csvSource('s', [tagName], `"${'x'.repeat(2_000_000)}"\n`), longestRow: 1_999_999 };
    await expect(join([source], 'SELECT * FROM s', 'tag')).rejects.toMatchObject({ code: 'JOIN_FAILED' });
  });

  it.each([
    [1, 1, '0.5'],
    [2, 2, '-0.25'],
    [18, 18, '0.123456789012345678'],
    [18, 0, '123456789012345678'],
  ])('gives a DECIMAL(%d,%d) as MySQL shows it: %s', async (precision, scale, value) => {
    const column: Column = { name: 'n', kind: 'decimal', precision, scale };
    expect(await join([csvSource('s', [column], `${value}\n`)], 'SELECT n FROM s', 'n')).toBe(`${value}\n`);
  });

  it('keeps NULL, empty texts and line ends apart, also as the only column', async () => {
    const csv = '\n""\n"\n"\n\n"\r\n"\n"\r"\n';
    const joined = await joinAll(joiner, [csvSource('s', [tagName], csv)], 'SELECT * FROM s', plain('tag'));
    expect(joined).toEqual({ csv: Buffer.from(csv), rows: 6 });
  });
});

describe('what DuckDB refuses fails for good', () => {
  const column: Column = { name: 'n', kind: 'integer' };

  it.each<[name: string, columns: Column[], csv: string, sql: string, message: RegExp]>([
    ['a missing column', [column], '1\n', 'SELECT nothing AS n FROM s', /"nothing" not found/],
    ['a missing source', [column], '1\n', 'SELECT n FROM nothing', /nothing does not exist/],
    ['bad SQL', [column], '1\n', 'SELECT n FROM', /syntax error/],
    ['a second statement', [column], '1\n', 'SELECT n FROM s; DROP TABLE s', /syntax error/],
    ['an output column that the SQL does not give', [column], '1\n', 'SELECT n AS m FROM s', /"n" not found/],
    [
      'a value that is not of its type',
      [column],
      '1\nx\n',
      'SELECT n FROM s',
      /Could not convert string "x" to 'BIGINT'/,
    ],
    [
      'a row with too few values',
      [column, userId],
      '1,2\n1\n',
      'SELECT n FROM s',
      /Expected Number of Columns: 2 Found: 1/,
    ],
    ['two columns that differ in case alone', [column, { ...column, name: 'N' }], '', 'SELECT n FROM s', /Duplicate/],
    ['text that is not UTF-8', [tagName], '"\xff"\n', 'SELECT tag AS n FROM s', /not utf-8/],
    [
      'a division of what cannot be divided',
      [tagName],
      '"x"\n',
      'SELECT 1 + CAST(tag AS INT) AS n FROM s',
      /Could not convert/,
    ],
  ])('%s', async (_name, columns, csv, sql, message) => {
    const failed = join([csvSource('s', columns, Buffer.from(csv, 'latin1'))], sql, 'n');
    await expect(failed).rejects.toMatchObject({
      code: 'JOIN_FAILED',
      kind: 'permanent',
      message: expect.stringMatching(message),
    });
  });

  it('more than memory and spilled data may hold', async () => {
    const small = duckDbJoiner({ memoryLimit: '32MB', spillLimit: '1MB' });
    const sql = "SELECT n, n || repeat('x', 300) AS x FROM s ORDER BY n + length(x)";
    const failed = joinAll(small, [numbers('s', 0, 500_000)], sql, plain('n', 'x')).then(({ rows }) => rows);
    await expect(failed).rejects.toMatchObject({
      code: 'JOIN_FAILED',
      kind: 'permanent',
      message: expect.stringMatching(/Out of Memory/),
    });
  });

  it('and quotes no more than a few words of a row', async () => {
    const source = csvSource('s', [column], `${'x'.repeat(900_000)}\n`);
    const error = await join([source], 'SELECT n FROM s', 'n').catch((reason) => reason);
    expect(error).toMatchObject({ code: 'JOIN_FAILED' });
    expect(error.message.length).toBeLessThanOrEqual(500);
  });
});
