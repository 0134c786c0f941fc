import { describe, expect, it } from '@jest/globals';
import { createTableSql, defineTable, type Table } from './define-table.ts';

const order = defineTable({
  name: 'plt_shop.vs_order',
  title: { en: 'Rows', 'zh-TW': '資料', 'zh-CN': '数据' },
  columns: { id: 'bigint unsigned not null', remark: 'text', paid_at: 'timestamp(6)' },
  primaryKey: ['id'],
  indexes: [['paid_at', 'id']],
});

describe('defineTable', () => {
  it('gives the parts of the name and the parsed columns', () => {
    expect(order).toMatchObject({
      name: 'plt_shop.vs_order',
      database: 'plt_shop',
      table: 'vs_order',
      columns: { id: { type: 'bigint', nullable: false }, paid_at: { type: 'timestamp', fsp: 6, nullable: true } },
    });
  });

  it('keeps the column names as a type', () => {
    const names: (typeof order extends Table<string, infer Name> ? Name : never)[] = ['id', 'remark', 'paid_at'];
    // @ts-expect-error: no such column
    names.push('payed_at');
    expect(Object.keys(order.columns)).toEqual(names.slice(0, 3));
  });

  it('cannot be changed afterwards', () => {
    expect(() => Object.assign(order, { name: 'x.y' })).toThrow(TypeError);
    expect(() => Object.assign(order.columns.id, { nullable: true })).toThrow(TypeError);
  });

  const title = { en: 'Rows', 'zh-TW': '資料', 'zh-CN': '数据' };
  const columns = { id: 'int' };
  const primaryKey = ['id'] as const;
  it.each([
    [
      'a name without database',
      { name: 'vs_order' as 'a.b', title, columns, primaryKey },
      'not of the form database.table',
    ],
    [
      'a name with a third part',
      { name: 'a.b.c' as const, title, columns, primaryKey },
      'not of the form database.table',
    ],
    [
      'a name that needs quotes',
      { name: 'a.b`c' as const, title, columns, primaryKey },
      'not of the form database.table',
    ],
    [
      'a column that needs quotes',
      { name: 'a.b' as const, title, columns: { 'i d': 'int' }, primaryKey },
      "column 'i d'",
    ],
    [
      'an unknown type',
      { name: 'a.b' as const, title, columns: { id: 'number' }, primaryKey },
      "table a.b: column 'id': 'number'",
    ],
    [
      'a title without Chinese',
      { name: 'a.b' as const, title: { ...title, 'zh-CN': '' }, columns, primaryKey },
      'its title lacks a language',
    ],
    ['an empty key', { name: 'a.b' as const, title, columns, primaryKey: [] }, 'a key has no columns'],
    [
      'a key over no column',
      { name: 'a.b' as const, title, columns, primaryKey, indexes: [['no']] },
      "a key names no column: 'no'",
    ],
  ])('refuses %s', (_, declaration, reason) => {
    expect(() => defineTable(declaration as Parameters<typeof defineTable>[0])).toThrow(reason);
  });
});

it('createTableSql says NULL where a timestamp may be null, which MariaDB would not assume', () => {
  expect(createTableSql(order)).toBe(`CREATE TABLE \`plt_shop\`.\`vs_order\` (
  \`id\` bigint unsigned NOT NULL,
  \`remark\` text NULL,
  \`paid_at\` timestamp(6) NULL,
  PRIMARY KEY (\`id\`),
  KEY (\`paid_at\`, \`id\`)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4`);
});
