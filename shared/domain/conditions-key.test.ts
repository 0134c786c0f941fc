import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, conditionsKey } from './conditions-key.ts';

/** Returns the value as JSON represents it: -0 becomes 0. */
const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Returns the same value, with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, nested]) => [key, reversed(nested)]),
  );
}

describe('canonical JSON', () => {
  it('is the same text for the same value, whatever the order of keys', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(reversed(value)) === canonicalJson(value)));
  });

  it('loses nothing, so that different values make different texts', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(asJson(value));
      }),
    );
  });

  it('keeps the order of lists', () => {
    expect(canonicalJson([{ b: 1, a: [2, 1] }])).toBe('[{"a":[2,1],"b":1}]');
  });
});

describe('the conditions key', () => {
  const request = {
    report: 'withdrawals-by-user-tag',
    definitionVersion: 1,
    conditions: { tagIds: [1, 2], from: '2026-01-01' } as unknown,
    format: 'csv',
    locale: 'en',
    source: 'admin-portal',
    departmentId: '3',
    masked: ['plt_fund.vs_withdraw.account_name', 'plt_fund.vs_withdraw.phone'],
  } as const;
  const key = conditionsKey(request);

  it('is an md5 in hex', () => {
    expect(key).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['the order of conditions', { ...request, conditions: { from: '2026-01-01', tagIds: [1, 2] } }],
    ['who asks', { ...request, adminId: '8' }],
  ])('is the same whatever %s', (_, same) => {
    expect(conditionsKey(same)).toBe(key);
  });

  it.each([
    ['report', { ...request, report: 'payments-by-admin' }],
    ['version', { ...request, definitionVersion: 2 }],
    ['condition', { ...request, conditions: { tagIds: [1, 2], from: '2026-01-02' } }],
    ['order of a list', { ...request, conditions: { tagIds: [2, 1], from: '2026-01-01' } }],
    ['type of a value', { ...request, conditions: { tagIds: ['1', '2'], from: '2026-01-01' } }],
    ['locale', { ...request, locale: 'zh-TW' as const }],
    ['asking system', { ...request, source: 'other-portal' }],
    ['department', { ...request, departmentId: '4' }],
    ['masking, of less', { ...request, masked: request.masked.slice(1) }],
    ['masking, of more', { ...request, masked: [...request.masked, 'plt_user.vs_user.email'] }],
    ['masking, of nothing', { ...request, masked: [] }],
  ])('is another for another %s', (_, other) => {
    expect(conditionsKey(other)).not.toBe(key);
  });

  it('is another for any other conditions', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const same = canonicalJson(one) === canonicalJson(other);
        const keys = [one, other].map((conditions) => conditionsKey({ ...request, conditions }));
        expect(keys[0] === keys[1]).toBe(same);
      }),
    );
  });
});
