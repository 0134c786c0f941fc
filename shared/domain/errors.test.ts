import { expect, it } from '@jest/globals';
import { busy, isPermanent, ReportError, reasonOf } from './errors.ts';

it('an error carries its code, kind, record and cause', () => {
  const cause = new Error('refused');
  const error = new ReportError('QUERY_REFUSED', 'no such table', { kind: 'permanent', recordId: 'r', cause });
  expect(error).toMatchObject({
    name: 'ReportError',
    code: 'QUERY_REFUSED',
    message: 'no such table',
    kind: 'permanent',
    recordId: 'r',
    cause,
  });
  expect(new ReportError('X', 'x', { kind: 'transient' })).not.toHaveProperty('cause');
});

it.each([
  ['a permanent error', new ReportError('X', 'x', { kind: 'permanent' }), true],
  ['a transient error', new ReportError('X', 'x', { kind: 'transient' }), false],
  ['somebody else at work', busy('source tags', 'r'), false],
  ['an error of any other making', Object.assign(new Error('x'), { kind: 'permanent' }), false],
  ['what is no error', 'permanent', false],
])('%s is tried again or not', (_, error, permanent) => {
  expect(isPermanent(error)).toBe(permanent);
});

it('anything thrown has a reason', () => {
  expect(reasonOf(new TypeError('bad'))).toBe('bad');
  expect(reasonOf('text')).toBe('text');
  expect(reasonOf(undefined)).toBe('undefined');
});

it('being busy says with what, and for which record', () => {
  expect(busy('source tags', 'r')).toMatchObject({
    code: 'BUSY',
    message: 'source tags is in work elsewhere',
    recordId: 'r',
  });
});
