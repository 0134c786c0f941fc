import { describe, expect, it } from '@jest/globals';
import { paymentsByAdmin } from '../../shared/reports/payments-by-admin.ts';
import { withdrawalsByUserTag } from '../../shared/reports/withdrawals-by-user-tag.ts';
import { parseRequest, type ReportRequest, requestHash } from './request.ts';

const reports = new Map([withdrawalsByUserTag, paymentsByAdmin].map((report) => [report.id, report]));
const conditions = { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' };
const body = { report: 'withdrawals-by-user-tag', conditions };

/** The paths of what is wrong, each with its message. */
function faultsOf(request: unknown): Record<string, string> {
  try {
    parseRequest(request, reports);
  } catch (error) {
    const { status, code, extra } = error as { status: number; code: string; extra: { errors: Fault[] } };
    expect([status, code]).toEqual([400, 'invalid-request']);
    return Object.fromEntries(extra.errors.map(({ path, message }) => [path, message]));
  }
  throw new Error('it was accepted');
}
type Fault = { path: string; message: string };

describe('a request', () => {
  it('is a CSV in English, from a fresh file if there is one, unless it says otherwise', () => {
    const parsed: ReportRequest = parseRequest(body, reports);
    expect(parsed).toEqual({ report: withdrawalsByUserTag, conditions, format: 'csv', locale: 'en', refresh: false });
  });

  it('is what it says', () => {
    const asked = { ...body, format: 'csv', locale: 'zh-TW', refresh: true };
    expect(parseRequest(asked, reports)).toMatchObject({ locale: 'zh-TW', refresh: true });
  });

  it.each([null, [], 'report', 7, true])('is an object, not %j', (notOne) => {
    expect(Object.keys(faultsOf(notOne))).toEqual(['']);
  });

  const rows: [name: string, changes: object, paths: string[]][] = [
    ['no report', { report: undefined }, ['report']],
    ['a report that is no name', { report: 7 }, ['report']],
    ['an unknown report', { report: 'withdrawals' }, ['report']],
    ['a report of every object', { report: 'constructor' }, ['report']],
    [
      'no conditions',
      { conditions: undefined },
      ['conditions', 'conditions.from', 'conditions.tagIds', 'conditions.to'],
    ],
    ['conditions that are none', { conditions: [1] }, ['conditions']],
    ['a condition missing', { conditions: { ...conditions, to: undefined } }, ['conditions.to']],
    ['a wrong condition inside a list', { conditions: { ...conditions, tagIds: [1, 'x'] } }, ['conditions.tagIds.1']],
    ['an empty list', { conditions: { ...conditions, tagIds: [] } }, ['conditions.tagIds']],
    ['a day that there is not', { conditions: { ...conditions, from: '2026-02-30' } }, ['conditions.from']],
    ['a misspelt condition', { conditions: { ...conditions, form: '2026-01-01' } }, ['conditions.form']],
    ['another format', { format: 'xlsx' }, ['format']],
    ['another language', { locale: 'fr' }, ['locale']],
    ['refresh in words', { refresh: 'true' }, ['refresh']],
    ['fields that there are not', { admin: 7, departmentId: 3 }, ['admin', 'departmentId']],
  ];

  it.each(rows)('is refused with %s', (_, changes, paths) => {
    expect(Object.keys(faultsOf({ ...body, ...changes })).sort()).toEqual(paths);
  });

  it('is told every fault at once, each with its path and what is wrong', () => {
    const faults = faultsOf({ ...body, conditions: { tagIds: [0, 1.5], from: 'x', extra: 1 }, format: 'pdf', foo: 1 });
    expect(Object.keys(faults).sort()).toEqual([
      'conditions.extra',
      'conditions.from',
      'conditions.tagIds.0',
      'conditions.tagIds.1',
      'conditions.to',
      'foo',
      'format',
    ]);
    expect(faults.foo).toBe('there is no such field');
    for (const message of Object.values(faults)) expect(message).toMatch(/\w/);
  });

  it('is told which reports there are', () => {
    expect(faultsOf({ ...body, report: 'x' }).report).toContain('withdrawals-by-user-tag, payments-by-admin');
  });
});

describe('what an Idempotency-Key stands for', () => {
  const hashOf = (request: object) => requestHash(parseRequest(request, reports));
  const hash = hashOf(body);

  it('is the same for the same request in other words', () => {
    const { from, to, tagIds } = conditions;
    expect(hashOf({ refresh: false, locale: 'en', conditions: { to, tagIds, from }, report: body.report })).toBe(hash);
  });

  it.each([
    ['report', { report: 'payments-by-admin', conditions: { departmentIds: [1] } }],
    ['conditions', { conditions: { ...conditions, tagIds: [1] } }],
    ['locale', { locale: 'zh-CN' }],
    ['refresh', { refresh: true }],
  ])('is another for another %s', (_, changes) => {
    expect(hashOf({ ...body, ...changes })).not.toBe(hash);
  });
});
