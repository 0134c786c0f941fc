import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyCell } from '../../../test/support/any-text.ts';
import { csvSource, joinAll, plain } from '../../../test/support/joining.ts';
import { readCsv } from '../../../test/support/read-csv.ts';
import type { ColumnKind } from '../../domain/columns.ts';
import type { OutputColumn } from '../../ports/joiner.ts';
import { duckDbJoiner } from './joiner.ts';

const joiner = duckDbJoiner({ memoryLimit: '128MB', spillLimit: '128MB' });
const guarded = (...names: string[]): OutputColumn[] => names.map((name) => ({ name, guarded: true }));
const quoted = (cell: string | null) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`);

/** Returns the texts as a guarded file contains them. */
async function guard(texts: readonly string[]): Promise<(string | undefined)[]> {
  const source = csvSource('s', [{ name: 'text', kind: 'text' }], texts.map((text) => `${quoted(text)}\n`).join(''));
  const { csv } = await joinAll(joiner, [source], 'SELECT 0 AS row, text FROM s', [
    ...plain('row'),
    ...guarded('text'),
  ]);
  return (await readCsv(csv)).map(([, text]) => text);
}

describe('the guard', () => {
  const formulas = ['=1+1', '+1', '+1-800-555', '-x', '-1+1', '--1', '-', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '='];
  it.each(formulas.map((text) => [JSON.stringify(text), text]))('neutralises %s', async (_name, text) => {
    expect(await guard([text])).toEqual([`'${text}`]);
  });

  const harmless = ['', 'a=1', ' =1', "'=1", '1', '1-1', '恭喜', '🧧', '\uFEFF=1', '\0=1', '＝1'];
  const negative = ['-1', '-0.50', '-1e300', '-3.40282e38', '-1.5e-10', '-838:59:59', '-00:00:00.000001'];
  it.each([...harmless, ...negative].map((text) => [JSON.stringify(text), text]))('leaves %s', async (_name, text) => {
    expect(await guard([text])).toEqual([text]);
  });

  it.each<[ColumnKind, values: string[]]>([
    ['integer', ['-9223372036854775808', '-1']],
    ['decimal', ['-12.34']],
    ['literal', ['-1e-300', '-123456789012345678901234567890.5', '-838:59:59.000000', '2026-01-01']],
    ['binary', ['0x3D31']],
  ])('leaves every %s', async (kind, values) => {
    const column = { name: 'value', kind, ...(kind === 'decimal' ? { precision: 6, scale: 2 } : {}) };
    const csv = values.map((value) => `${value}\n`).join('');
    const joined = await joinAll(joiner, [csvSource('s', [column], csv)], 'SELECT * FROM s', guarded('value'));
    expect(joined.csv.toString()).toBe(csv);
  });

  it('is on or off for each column', async () => {
    const columns = ['a', 'b'].map((name) => ({ name, kind: 'text' as const }));
    const source = csvSource('s', columns, '"=1","=2"\n');
    const { csv } = await joinAll(joiner, [source], 'SELECT * FROM s', [...plain('b'), ...guarded('a')]);
    expect(csv.toString()).toBe("=2,'=1\n");
  });

  it('sees what the SQL makes of texts, under whatever name', async () => {
    const source = csvSource('s', [{ name: 'text', kind: 'text' }], '"1"\n');
    const sql = "SELECT '=' || text AS Sum, -CAST(text AS INT) AS number FROM s";
    const { csv } = await joinAll(joiner, [source], sql, guarded('sum', 'number'));
    expect(csv.toString()).toBe("'=1,-1\n");
  });

  it('sees JSON as the text that it is', async () => {
    const sql = `SELECT json_object('a', 1) AS a, to_json('=1') AS b, '-1'::JSON AS c`;
    const { csv } = await joinAll(joiner, [], sql, guarded('a', 'b', 'c'));
    expect(csv.toString()).toBe('"{""a"":1}","""=1""",-1\n');
  });

  it.each([
    ['ENUM', `'=1+1'::ENUM('=1+1')`],
    ['BLOB', `'=1+1'::BLOB`],
    ['UNION', `union_value(formula := '=1+1')`],
    ['VARIANT', `'=1+1'::VARIANT`],
  ])('sees %s as the text that it is written as', async (_type, expression) => {
    const { csv } = await joinAll(joiner, [], `SELECT ${expression} AS a`, guarded('a'));
    expect(csv.toString()).toBe("'=1+1\n");
  });

  it.each(['TINYINT', 'HUGEINT', 'DOUBLE', 'DECIMAL(4, 2)', 'BIGNUM'])('leaves a %s', async (type) => {
    const { csv } = await joinAll(joiner, [], `SELECT (-1)::${type} AS a`, guarded('a'));
    expect(Number(csv)).toBe(-1);
  });

  it.each([
    ['false', 'false'],
    [`DATE '-infinity'`, '-infinity'],
    [`TIMESTAMP '-infinity'`, '-infinity'],
    [`INTERVAL '-1 day'`, '-1 day'],
  ])('leaves %s', async (expression, written) => {
    const { csv } = await joinAll(joiner, [], `SELECT ${expression} AS a`, guarded('a'));
    expect(csv.toString()).toBe(`${written}\n`);
  });

  it('takes no more memory than its columns, however many', async () => {
    const small = duckDbJoiner({ memoryLimit: '32MB', spillLimit: '1MB' });
    const names = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const columns = names.map((name) => ({ name, kind: 'text' as const }));
    const source = csvSource('s', columns, `${names.map((name) => `"=${name}"`).join(',')}\n`);
    const { csv } = await joinAll(small, [source], 'SELECT * FROM s', guarded(...names));
    expect(csv.toString()).toBe(`${names.map((name) => `'=${name}`).join(',')}\n`);
  });

  it('leaves NULL and empty texts what they are, and no text unguarded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCell, { minLength: 1, maxLength: 200 }), async (cells) => {
        const rows = cells.map((cell, row) => `${row},${quoted(cell)}\n`).join('');
        const columns = [
          { name: 'row', kind: 'integer' as const },
          { name: 'text', kind: 'text' as const },
        ];
        const { csv } = await joinAll(
          joiner,
          [csvSource('s', columns, rows)],
          'SELECT * FROM s',
          guarded('row', 'text'),
        );

        const expected = cells.map((cell) => (cell !== null && isFormula(cell) ? `'${cell}` : cell));
        expect(await readCsv(csv)).toEqual(expected.map((cell, row) => [`${row}`, cell ?? '']));
        const lines = csv.toString();
        cells.forEach((cell, row) => {
          if (cell === null) expect(lines).toMatch(new RegExp(`^${row},$`, 'm'));
          if (cell === '') expect(lines).toMatch(new RegExp(`^${row},""$`, 'm'));
        });
      }),
      { numRuns: 30 },
    );
  });
});

/** Whether the text is a formula, determined independently of the joiner. */
function isFormula(text: string): boolean {
  const isNumber = /^-\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) || /^-\d+:\d\d:\d\d(\.\d+)?$/.test(text);
  return '=+-@\t\r\n'.includes(text[0] ?? 'x') && !isNumber;
}
