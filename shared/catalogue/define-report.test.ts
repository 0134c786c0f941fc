import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineReport, neededCount, type ReportDeclaration, sourcesOf } from './define-report.ts';
import { defineTable } from './define-table.ts';

const shop = defineTable({
  name: 'plt_shop.vs_shop',
  title: { en: 'Rows', 'zh-TW': '資料', 'zh-CN': '数据' },
  columns: { id: 'int not null' },
  primaryKey: ['id'],
});
const order = defineTable({
  name: 'plt_shop.vs_order',
  title: { en: 'Rows', 'zh-TW': '資料', 'zh-CN': '数据' },
  columns: { shop_id: 'int not null' },
  primaryKey: ['shop_id'],
});
const inAllLanguages = (text: string) => ({ en: text, 'zh-TW': text, 'zh-CN': text });
const conditions = z.object({ day: z.iso.date(), top: z.int().default(10) });
type Declaration = ReportDeclaration<typeof conditions>;

const declaration: Declaration = {
  id: 'orders-by-shop',
  version: 1,
  title: inAllLanguages('Orders by shop'),
  conditions,
  example: { day: '2026-01-01' },
  stages: [
    { shops: { table: shop, query: (rows) => rows.select('id') } },
    {
      orders: {
        table: order,
        keys: { where: 'shop_id', in: 'SELECT id FROM shops' },
        query: (rows) => rows.select('shop_id'),
      },
      others: { table: order, query: (rows) => rows.select('shop_id') },
    },
  ],
  join: 'SELECT id FROM shops',
  columns: { id: inAllLanguages('Shop') },
};

describe('a report', () => {
  const report = defineReport(declaration);

  it('has its sources in order, each with its name and stage', () => {
    expect(report.sources.map(({ name, stage, table }) => [name, stage, table.name])).toEqual([
      ['shops', 0, 'plt_shop.vs_shop'],
      ['orders', 1, 'plt_shop.vs_order'],
      ['others', 1, 'plt_shop.vs_order'],
    ]);
    expect(report.stageCount).toBe(2);
    expect(sourcesOf(report, 1).map(({ name }) => name)).toEqual(['orders', 'others']);
    expect(sourcesOf(report, 2)).toEqual([]);
  });

  it('counts what a stage needs with all that came before', () => {
    expect([neededCount(report, 0), neededCount(report, 1)]).toEqual([1, 3]);
  });

  it('is tried six times a minute apart, and reused for ten minutes, unless it says otherwise', () => {
    expect(report).toMatchObject({ requeue: { times: 6, delaySeconds: 60 }, reuseForSeconds: 600 });
    const own = defineReport({ ...declaration, requeue: { times: 2, delaySeconds: 5 }, reuseForSeconds: 0 });
    expect(own).toMatchObject({ requeue: { times: 2, delaySeconds: 5 }, reuseForSeconds: 0 });
  });

  it('refuses conditions that it does not know', () => {
    expect(report.conditions.safeParse({ day: '2026-01-01' }).success).toBe(true);
    expect(report.conditions.safeParse({ day: '2026-01-01', shop: 3 }).success).toBe(false);
  });

  it('cannot be changed afterwards', () => {
    expect(() => Object.assign(report, { version: 2 })).toThrow(TypeError);
  });
});

describe('a declaration is refused', () => {
  const { shops, orders } = { ...declaration.stages[0], ...declaration.stages[1] } as Record<
    string,
    NonNullable<Declaration['stages'][number][string]>
  >;
  const source = shops as NonNullable<typeof shops>;
  const keyed = orders as NonNullable<typeof orders>;
  const rows: [fault: string, changes: Partial<Declaration>, reason: string][] = [
    ['an id with capitals', { id: 'OrdersByShop' }, 'the id is not in kebab-case'],
    ['no stage', { stages: [] }, 'a stage has no source'],
    ['a stage without a source', { stages: [{ shops: source, others: source }, {}] }, 'a stage has no source'],
    [
      'a source name that needs quotes',
      { stages: [{ 'my shops': source }] },
      'a source name is not a plain identifier',
    ],
    ['a source name used twice', { stages: [{ shops: source }, { shops: source }] }, 'two sources have the same name'],
    ['keys in the first stage', { stages: [{ orders: keyed }] }, 'a source of the first stage has keys'],
    [
      'keys in a column that is not there',
      { stages: [{ shops: source }, { orders: { ...keyed, keys: { where: 'shop', in: 'SELECT id FROM shops' } } }] },
      'keys limit something else than an integer column of the table',
    ],
    ['no columns', { columns: {} }, 'there are no columns'],
    ['a title in one language only', { title: { ...inAllLanguages(''), en: 'Orders' } }, 'a title lacks a language'],
    ['a column without a header', { columns: { id: inAllLanguages('') } }, 'a title lacks a language'],
    ['no tries', { requeue: { times: 0, delaySeconds: 60 } }, 'requeue must be at least once, a second apart'],
    ['tries without a pause', { requeue: { times: 6, delaySeconds: 0 } }, 'requeue must be at least once'],
    ['an example that is not valid', { example: { day: 'today' } }, 'the example does not meet the conditions'],
  ];

  it.each(rows)('for %s', (_, changes, reason) => {
    expect(() => defineReport({ ...declaration, ...changes })).toThrow(reason);
  });

  it('with everything wrong named at once, and the report', () => {
    const faulty = { ...declaration, columns: {}, example: { day: 'today' }, stages: [] };
    expect(() => defineReport(faulty)).toThrow(
      'report orders-by-shop: a stage has no source; there are no columns; the example does not meet the conditions',
    );
  });
});
