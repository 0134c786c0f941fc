import { expect, it } from '@jest/globals';
import { compileSource } from '../../test/support/compile-source.ts';
import { withdrawals as report } from './withdrawals.ts';

const conditions = { from: '2026-01-01', to: '2026-06-30' };

it('the conditions are a period and nothing else', () => {
  expect(report.conditions.safeParse(conditions).success).toBe(true);
  expect(report.conditions.safeParse({ from: '2026-01-01' }).success).toBe(false);
  expect(report.conditions.safeParse({ from: '2026-07-01', to: '2026-06-30' }).success).toBe(false);
  expect(report.conditions.safeParse({ ...conditions, tagIds: [1] }).success).toBe(false);
});

it('the withdrawals of the period are asked for, and every tag', async () => {
  const [withdrawals] = await compileSource(report, 'withdrawals', conditions);
  expect(withdrawals?.sql).toMatch(/from `plt_fund`\.`vs_withdraw` where `create_time` >= \? and `create_time` < \?$/);
  expect(withdrawals?.bindings).toEqual(['2026-01-01', '2026-07-01']);
  const tags = 'select `user_id`, `tag_name` from `plt_user`.`vs_user_tag_relation`';
  expect(await compileSource(report, 'tags', conditions)).toEqual([{ sql: tags, bindings: [] }]);
});

it('nothing is sorted, for there may be millions', () => {
  expect(report.join).not.toMatch(/order by/i);
});
