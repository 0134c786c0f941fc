import { describe, expect, it } from '@jest/globals';
import { compileKeyedQueries, compileQuery } from './compile-query.ts';
import type { KeysDefinition, Source } from './define-report.ts';
import { defineTable } from './define-table.ts';

const table = defineTable({
  name: 'plt_shop.vs_order',
  title: { en: 'Rows', 'zh-TW': '資料', 'zh-CN': '数据' },
  columns: { id: 'bigint unsigned not null', shop_code: 'varchar(32) not null', status: 'varchar(16)' },
  primaryKey: ['id'],
});

const source = (where: keyof typeof table.columns): Source & { keys: KeysDefinition } => ({
  name: 'orders',
  stage: 1,
  table,
  query: (rows, conditions) => rows.select('id', 'status').where('status', (conditions as typeof CONDITIONS).status),
  keys: { where, in: 'SELECT id FROM shops' },
});

const CONDITIONS = { status: "PAID' OR 1=1 -- " };
const ASKED = { conditions: CONDITIONS, masked: [] };
const keysUpTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
const compileKeyed = (where: keyof typeof table.columns, ...lists: string[][]) =>
  Array.fromAsync(compileKeyedQueries(source(where), ASKED, lists));

it('a query names its table and binds every value', () => {
  expect(compileQuery(source('id'), ASKED)).toEqual({
    sql: 'select `id`, `status` from `plt_shop`.`vs_order` where `status` = ?',
    bindings: [CONDITIONS.status],
  });
});

it('a query that reads from something else than its table is refused', async () => {
  const elsewhere: Source = { ...source('id'), query: (rows) => rows.from('plt_shop.vs_secret').select('id') };
  const refused = expect.objectContaining({ code: 'TABLE_REPLACED', kind: 'permanent' });
  expect(() => compileQuery(elsewhere, ASKED)).toThrow(refused);
  await expect(Array.fromAsync(compileKeyedQueries(elsewhere, ASKED, [['7']]))).rejects.toEqual(refused);
});

describe('keys', () => {
  it('limit a query whatever it filters by', async () => {
    const either: Source = { ...source('id'), query: (rows) => rows.select('id').where('id', 1).orWhere('id', 2) };
    expect(await Array.fromAsync(compileKeyedQueries(either, ASKED, [['7']]))).toEqual([
      {
        sql: 'select `id` from (SELECT * FROM `plt_shop`.`vs_order` WHERE `id` IN (?)) AS `vs_order` where `id` = ? or `id` = ?',
        bindings: [7n, 1, 2],
      },
    ]);
  });

  it.each([
    [1, [1]],
    [1000, [1000]],
    [1001, [1000, 1]],
    [2500, [1000, 1000, 500]],
  ])('%d of them are asked for in queries of %j', async (count, sizes) => {
    const queries = await compileKeyed('id', keysUpTo(count));
    expect(queries.map(({ bindings }) => bindings.length - 1)).toEqual(sizes);
    expect(queries.flatMap(({ bindings }) => bindings.slice(0, -1)).map(String)).toEqual(keysUpTo(count));
  });

  it('are bound in their table’s column, beside the conditions', async () => {
    expect(await compileKeyed('id', ['7', '8'])).toEqual([
      {
        sql: 'select `id`, `status` from (SELECT * FROM `plt_shop`.`vs_order` WHERE `id` IN (?, ?)) AS `vs_order` where `status` = ?',
        bindings: [7n, 8n, CONDITIONS.status],
      },
    ]);
  });

  it('of none make one query that finds nothing and still tells the columns', async () => {
    expect(await compileKeyed('id', [])).toEqual([
      {
        sql: 'select `id`, `status` from (SELECT * FROM `plt_shop`.`vs_order` WHERE `id` IN (NULL)) AS `vs_order` where `status` = ?',
        bindings: [CONDITIONS.status],
      },
    ]);
  });

  it('of a number column are numbers, exact to the last digit of a BIGINT', async () => {
    expect((await compileKeyed('id', ['18446744073709551615']))[0]?.bindings[0]).toBe(18_446_744_073_709_551_615n);
  });

  it('are chunked over the borders of the lists that they come in', async () => {
    const keys = keysUpTo(2500);
    const queries = await compileKeyed('id', keys.slice(0, 700), [], keys.slice(700, 2300), keys.slice(2300));
    expect(queries.map(({ bindings }) => bindings.length - 1)).toEqual([1000, 1000, 500]);
    expect(queries.flatMap(({ bindings }) => bindings.slice(0, -1)).map(String)).toEqual(keys);
  });

  it('are turned into queries one at a time, as they are asked for', async () => {
    const queries = compileKeyedQueries(source('id'), ASKED, [[...keysUpTo(1000), 'no number']]);
    expect((await queries.next()).value).toMatchObject({ bindings: { length: 1001 } });
    await expect(queries.next()).rejects.toThrow('the key no number is not an integer');
  });
});
