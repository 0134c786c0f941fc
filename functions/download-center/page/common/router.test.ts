import { expect, it } from '@jest/globals';
import { idIn, recordPath, routeOf } from './router.ts';

const ID = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';

it.each([
  ['/', { view: 'list' }],
  [recordPath(ID), { view: 'details', id: ID }],
  [`${recordPath(ID)}/`, { view: 'details', id: ID }],
  ['/downloads', { view: 'none' }],
  ['/downloads/7', { view: 'none' }],
  [`/other/${ID}`, { view: 'none' }],
])('%s is a view', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

it.each([
  [ID, ID],
  [`  ${ID.toUpperCase()} `, ID],
  [`https://reports.example/downloads/${ID}?x=1`, ID],
  ['01a20578-1fcf', undefined],
  ['', undefined],
])('the id in "%s" is %s', (text, id) => {
  expect(idIn(text)).toBe(id);
});
