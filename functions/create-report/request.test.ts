import { describe, expect, it } from '@jest/globals';
import { paymentsByAdmin } from '../../shared/reports/payments-by-admin.ts';
import { withdrawalsByUserTag } from '../../shared/reports/withdrawals-by-user-tag.ts';
import { parseRequest, type ReportRequest, requestHash } from './request.ts';

const reports = new Map([withdrawalsByUserTag, paymentsByAdmin].map((report) => [report.id, report]));
const conditions = { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' };
const body = { report: 'withdrawals-by-user-tag', conditions };
const person = { adminId: '7', departmentId: '3', roles: [], source: 'admin-portal' };
const parse = (request: unknown) => parseRequest(request, reports, person, 'en');

/** Returns the path of each fault in a request, with its message. */
function faultsOf(request: unknown): Record<string, string> {
  try {
    parse(request);
  } catch (error) {
    const { code, members } = error as { code: string; members: { errors: Fault[] } };
    expect(code).toBe('invalid-request');
    return Object.fromEntries(members.errors.map(({ path, message }) => [path, message]));
  }
  throw new Error('it was accepted');
}
interface Fault {
  path: string;
  message: string;
}

describe('a request', () => {
  it('is a CSV in English, from a fresh file if there is one, unless it says otherwise', () => {
    const parsed: ReportRequest = parse(body);
    expect(parsed).toEqual({ report: withdrawalsByUserTag, conditions, format: 'csv', locale: 'en', refresh: false });
  });

  it('is what it says', () => {
    const asked = { ...body, format: 'csv', locale: 'zh-TW', refresh: true };
    expect(parse(asked)).toMatchObject({ locale: 'zh-TW', refresh: true });
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

  it.each([
    ['en', 'there is no such field', 'the period ends before it begins'],
    ['zh-TW', '沒有這個欄位', '結束日期早於開始日期'],
    ['zh-CN', '没有这个字段', '结束日期早于开始日期'],
  ] as const)('is told its faults in the language %s', (language, noField, noPeriod) => {
    const request = { ...body, conditions: { tagIds: [1], from: '2026-02-01', to: '2026-01-01' }, foo: 1 };
    const refused = (() => {
      try {
        return parseRequest(request, reports, person, language);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toMatchObject({
      members: {
        errors: [
          { path: 'foo', message: noField },
          { path: 'conditions.to', message: noPeriod },
        ],
      },
    });
  });

  it('of a report that is not open to the person is refused, whatever else is wrong with it', () => {
    const report = { ...withdrawalsByUserTag, allowed: { roles: ['finance'] } };
    const closed = new Map([[report.id, report]]);
    expect(() => parseRequest({ report: report.id }, closed, person, 'en')).toThrow(
      'You do not have access to this report.',
    );
    expect(parseRequest(body, closed, { ...person, roles: ['finance'] }, 'en').report).toBe(report);
  });

  it('is told which reports there are, of those that are open to the person', () => {
    const closed = new Map(reports).set('secret', {
      ...paymentsByAdmin,
      id: 'secret',
      allowed: { departments: ['9'] },
    });
    const listed = () => parseRequest({ ...body, report: 'x' }, closed, person, 'en');
    expect(listed).toThrow(
      expect.objectContaining({
        members: {
          errors: [expect.objectContaining({ path: 'report', message: expect.not.stringContaining('secret') })],
        },
      }),
    );
  });

  it('is told which reports there are', () => {
    expect(faultsOf({ ...body, report: 'x' }).report).toContain('withdrawals-by-user-tag, payments-by-admin');
  });
});

describe('what an Idempotency-Key stands for', () => {
  const hashOf = (request: object) => requestHash(parse(request));
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
