import { describe, expect, it } from '@jest/globals';
import { compileSource } from '../../test/support/compile-source.ts';
import { paymentsByAdmin as report } from './payments-by-admin.ts';

const conditions = { departmentIds: [1, 2] };

describe('the conditions', () => {
  it.each([
    ['the example', report.example],
    ['a status', { ...conditions, status: 'PAID' }],
    ['a thousand departments', { departmentIds: Array.from({ length: 1000 }, (_, index) => index + 1) }],
  ])('may be %s', (_, accepted) => {
    expect(report.conditions.safeParse(accepted).success).toBe(true);
  });

  it.each([
    ['no department', { departmentIds: [] }],
    ['a department in words', { departmentIds: ['sales'] }],
    ['a status longer than the column', { ...conditions, status: 'X'.repeat(17) }],
    ['a field that there is not', { ...conditions, from: '2026-01-01' }],
  ])('may not be %s', (_, refused) => {
    expect(report.conditions.safeParse(refused).success).toBe(false);
  });
});

it('the admins are asked for first', async () => {
  expect(await compileSource(report, 'admins', conditions)).toEqual([
    {
      sql: 'select `id`, `name`, `department_id` from `plt_account`.`vs_admin` where `department_id` in (?, ?)',
      bindings: [1, 2],
    },
  ]);
});

describe('then the payments', () => {
  it('of those admins, exact to the last digit of their ids', async () => {
    const [query, ...more] = await compileSource(report, 'payments', conditions, ['7', '18446744073709551615']);
    expect(query?.sql).toMatch(/FROM `plt_fund`\.`vs_payment` WHERE `admin_id` IN \(\?, \?\)\) AS `vs_payment`$/);
    expect(query?.bindings).toEqual([7n, 18_446_744_073_709_551_615n]);
    expect(more).toEqual([]);
  });

  it('of one status, if it is given', async () => {
    const [query] = await compileSource(report, 'payments', { ...conditions, status: 'PAID' }, ['7']);
    expect(query?.sql).toMatch(/WHERE `admin_id` IN \(\?\)\) AS `vs_payment` where `status` = \?$/);
    expect(query?.bindings).toEqual([7n, 'PAID']);
  });

  it('of 200,000 admins in queries of a thousand each', async () => {
    const keys = Array.from({ length: 200_000 }, (_, index) => String(index + 1));
    const queries = await compileSource(report, 'payments', conditions, keys);
    expect(queries).toHaveLength(200);
    expect(queries.flatMap(({ bindings }) => bindings)).toEqual(keys.map(BigInt));
  });

  it('of nobody, if no admin was found', async () => {
    const [query, ...more] = await compileSource(report, 'payments', conditions, []);
    expect([query?.sql.includes('IN (NULL)'), query?.bindings, more]).toEqual([true, [], []]);
  });
});
