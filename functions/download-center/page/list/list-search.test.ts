import { expect, it } from '@jest/globals';
import { type ListSearch, listSearch, parseListSearch } from './list-search.ts';

const known = { scopes: ['own', 'department'], statuses: ['FAILED', 'COMPLETED'] } as const;

it.each<[string, ListSearch]>([
  ['', { scope: 'own', filter: {}, count: 20 }],
  [
    '?scope=department&status=FAILED&report=a%26b&count=60',
    { scope: 'department', filter: { status: 'FAILED', report: 'a&b' }, count: 60 },
  ],
])('the address of a list leads back to it: %s', (search, list) => {
  expect(listSearch(list)).toBe(search);
  expect(parseListSearch(search, known)).toEqual(list);
});

it('what an address has that there is not is left out', () => {
  const list = parseListSearch('?scope=all&status=none&report=&count=-7', known);
  expect(list).toEqual({ scope: 'own', filter: {}, count: 20 });
  expect(parseListSearch('?count=5000', known).count).toBe(100);
});
