import { describe, expect, it } from '@jest/globals';
import { isOwn, maskedFor, mayAsk, mayOpen, mayRead, type Person, scopesOf, type TableRestrictions } from './rights.ts';

const person = (changes: Partial<Person> = {}): Person => ({
  ...{ adminId: '7', departmentId: '3', roles: [], source: 'portal' },
  ...changes,
});
const open = { clearFor: {} };

/** Returns the sources of a record that reads these tables. */
const read = (...tables: string[]) =>
  Object.fromEntries(tables.map((table) => [table, { table, stage: 0, status: 'DONE' as const, rows: 1 }]));

describe('a report', () => {
  it.each<[name: string, who: Partial<Person>, allowed: object | undefined, may: boolean]>([
    ['without a list is open to everybody', {}, undefined, true],
    ['with an empty list is open to nobody', {}, {}, false],
    ['is open to a role that is listed', { roles: ['x', 'finance'] }, { roles: ['finance'] }, true],
    ['is closed to another role', { roles: ['financ'] }, { roles: ['finance'] }, false],
    ['is open to a department that is listed', {}, { departments: ['3'] }, true],
    ['is closed to another department', { departmentId: '33' }, { departments: ['3'] }, false],
    ['is open to either', { roles: ['finance'] }, { roles: ['finance'], departments: ['9'] }, true],
  ])('%s', (_, who, allowed, may) => {
    expect(mayAsk(person(who), { ...open, ...(allowed ? { allowed } : {}) })).toBe(may);
  });
});

it.each([
  [[], ['own']],
  [['downloads.department'], ['own', 'department']],
  [['downloads.all'], ['own', 'all']],
  [
    ['downloads.all', 'downloads.department', 'other'],
    ['own', 'department', 'all'],
  ],
])('roles %j read the scopes %j', (roles, scopes) => {
  expect(scopesOf(person({ roles }))).toEqual(scopes);
});

describe('a column', () => {
  const restrictions = { clearFor: { 'a.b.z': ['risk', 'audit'], 'a.b.c': ['risk'], 'a.b.n': [] } };

  it.each([
    [[], ['a.b.c', 'a.b.n', 'a.b.z']],
    [['audit'], ['a.b.c', 'a.b.n']],
    [['risk'], ['a.b.n']],
  ])('is masked for roles %j: %j', (roles, masked) => {
    expect(maskedFor(person({ roles }), restrictions)).toEqual(masked);
  });

  it.each([
    ['masked all that the person may not see', ['risk'], ['a.b.n'], true],
    ['masked more than that', ['risk'], ['a.b.c', 'a.b.n', 'a.b.z'], true],
    ['left in clear what the person may not see now', ['audit'], ['a.b.n'], false],
  ])('and a file that %s may be opened or not', (_, roles, masked, may) => {
    const tables = new Map([['a.b', restrictions]]);
    expect(mayOpen(person({ roles }), { masked, sources: read('a.b') }, tables)).toBe(may);
  });

  it('of a table that was not read is nobody’s concern', () => {
    const tables: TableRestrictions = new Map<string, typeof restrictions | typeof open>([
      ['a.b', restrictions],
      ['a.open', open],
    ]);
    expect(mayOpen(person(), { masked: [], sources: read('a.open') }, tables)).toBe(true);
    expect(mayOpen(person(), { masked: [], sources: read('a.open', 'a.b') }, tables)).toBe(false);
  });

  it('of a table that is gone closes the file', () => {
    expect(mayOpen(person(), { masked: [], sources: read('a.gone') }, new Map())).toBe(false);
  });
});

describe('a record', () => {
  const record = { source: 'portal', adminId: '8', departmentId: '3' };
  it.each<[name: string, who: Partial<Person>, own: boolean]>([
    ['its asker’s', { adminId: '8' }, true],
    ['its asker’s in another department', { adminId: '8', departmentId: '4' }, true],
    ['not a colleague’s, whatever they may read', { roles: ['downloads.all'] }, false],
    ['not the admin’s of that number of another portal', { adminId: '8', source: 'other' }, false],
  ])('is %s own', (_, who, own) => {
    expect(isOwn(person(who), record)).toBe(own);
  });

  it.each<[name: string, who: Partial<Person>, restrictions: Parameters<typeof mayRead>[2], may: boolean]>([
    ['is its owner’s', { adminId: '8' }, open, true],
    ['is its owner’s though the report is gone', { adminId: '8' }, undefined, true],
    ['is hidden from its owner whom the report is closed to', { adminId: '8' }, { ...open, allowed: {} }, false],
    ['is hidden from a colleague', {}, open, false],
    ['is shown to a reader of the department', { roles: ['downloads.department'] }, open, true],
    ['is hidden from a reader of another', { departmentId: '4', roles: ['downloads.department'] }, open, false],
    ['is shown to a reader of all', { departmentId: '4', roles: ['downloads.all'] }, open, true],
    ['is hidden from all readers if the report is gone', { roles: ['downloads.all'] }, undefined, false],
    ['is hidden from another portal', { adminId: '8', source: 'other', roles: ['downloads.all'] }, open, false],
  ])('%s', (_, who, restrictions, may) => {
    expect(mayRead(person(who), record, restrictions)).toBe(may);
  });
});
