import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { withdraw } from '../tables/withdraw.ts';
import { closedConditions, condition, publicConditions, sensitiveConditions } from './condition.ts';

const title = { en: 'Phone', 'zh-TW': '手機', 'zh-CN': '手机' };
const phone = condition(z.string(), { title, column: [withdraw, 'phone'] });
const PHONE = 'plt_fund.vs_withdraw.phone';

describe('a condition about a sensitive column is known', () => {
  it.each<[string, z.ZodType]>([
    ['as it is', phone],
    ['when it may be left out', phone.optional()],
    ['when it may be null', phone.nullable()],
    ['when it may be either', phone.nullish()],
    ['with a default', phone.default('x')],
    ['in a list', z.array(phone).max(3)],
    ['in an object', z.object({ of: phone })],
    ['as one of several', z.union([z.int(), phone])],
  ])('%s', (_, schema) => {
    expect(sensitiveConditions(z.object({ days: z.int(), phone: schema }))).toEqual({ phone: [PHONE] });
  });

  it('and one about any other column is not', () => {
    const bank = condition(z.string(), { title, column: [withdraw, 'bank_name'] });
    expect(sensitiveConditions(z.object({ bank, free: z.string() }))).toEqual({});
  });
});

it('conditions are described by title and choices in the JSON Schema', () => {
  const options = [{ value: 'a', title }];
  const schema = z.toJSONSchema(z.object({ kind: condition(z.enum(['a']), { title, options }) }));
  expect(schema.properties?.kind).toMatchObject({ enum: ['a'], 'x-title': title, 'x-options': options });
});

describe('a condition is closed to whoever sees one of its columns masked', () => {
  const clearFor = { [PHONE]: ['risk'], 'plt_fund.vs_withdraw.account': ['audit'] };
  const about = { phone: [PHONE], either: Object.keys(clearFor) };

  it.each([
    [[], ['phone', 'either']],
    [['audit'], ['phone', 'either']],
    [['risk'], ['either']],
    [['risk', 'audit'], []],
  ])('with roles %j: %j', (roles, closed) => {
    const person = { adminId: '7', departmentId: '3', roles, source: 'portal' };
    expect(closedConditions({ sensitiveConditions: about, clearFor }, person)).toEqual(closed);
  });
});

it('others than the asker see the conditions without those about sensitive columns, or none of a report that is gone', () => {
  const conditions = { days: 7, phone: '13812348000' };
  expect(publicConditions({ sensitiveConditions: { phone: [PHONE] } }, conditions)).toEqual({ days: 7 });
  expect(publicConditions({ sensitiveConditions: {} }, conditions)).toEqual(conditions);
  expect(publicConditions(undefined, conditions)).toEqual({});
});
