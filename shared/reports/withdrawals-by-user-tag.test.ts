import { describe, expect, it } from '@jest/globals';
import { compileSource } from '../../test/support/compile-source.ts';
import { withdrawalsByUserTag as report } from './withdrawals-by-user-tag.ts';

const conditions = { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' };

describe('the conditions', () => {
  it.each([
    ['the example', report.example],
    ['a single day', { ...conditions, from: '2026-01-01', to: '2026-01-01' }],
    ['a hundred tags', { ...conditions, tagIds: Array.from({ length: 100 }, (_, index) => index + 1) }],
  ])('may be %s', (_, accepted) => {
    expect(report.conditions.safeParse(accepted).success).toBe(true);
  });

  it.each([
    ['no tag', { ...conditions, tagIds: [] }],
    ['over a hundred tags', { ...conditions, tagIds: Array.from({ length: 101 }, (_, index) => index + 1) }],
    ['a tag that is no id', { ...conditions, tagIds: [0] }],
    ['a time instead of a day', { ...conditions, from: '2026-01-01T00:00:00Z' }],
    ['a day that there is not', { ...conditions, to: '2026-06-31' }],
    ['a field that there is not', { ...conditions, tagId: 3 }],
  ])('may not be %s', (_, refused) => {
    expect(report.conditions.safeParse(refused).success).toBe(false);
  });
});

it('the users with the tags are asked for', async () => {
  expect(await compileSource(report, 'tags', conditions)).toEqual([
    {
      sql: 'select `user_id`, `tag_name` from `plt_user`.`vs_user_tag_relation` where `tag_id` in (?, ?)',
      bindings: [1, 2],
    },
  ]);
});

it('the withdrawals are asked for from the first day to the end of the last', async () => {
  const [query] = await compileSource(report, 'withdrawals', conditions);
  expect(query?.sql).toMatch(/from `plt_fund`\.`vs_withdraw` where `create_time` >= \? and `create_time` < \?$/);
  expect(query?.bindings).toEqual(['2026-01-01', '2026-07-01']);
});

it('both are asked for at once', () => {
  expect(report.stageCount).toBe(1);
});
