import { expect, it } from '@jest/globals';
import { formatFor } from '../common/format.ts';
import { placeFaults } from './faults.ts';
import type { Field } from './fields.ts';

const common = { title: '', required: true, defaultValue: undefined };
const fields: Field[] = [
  { ...common, kind: 'list', numeric: true, names: ['tagIds'] },
  { ...common, kind: 'period', names: ['from', 'to'] },
];

it('each fault is at its field, and what belongs to none is told for itself', () => {
  const { fields: placed, others } = placeFaults(
    [
      { path: 'conditions.tagIds.0', message: 'no number' },
      { path: 'conditions.tagIds', message: 'too many' },
      { path: 'conditions.to', message: 'before from' },
      { path: 'conditions.other', message: 'there is no such field' },
      { path: 'locale', message: 'no language' },
      { path: '', message: 'no object' },
    ],
    fields,
    { tagIds: ['abc', 2] },
    formatFor('en'),
  );
  expect(Object.fromEntries(placed)).toEqual({
    tagIds: ['abc: no number', 'Too many'],
    from: ['Before from'],
  });
  expect(others).toEqual(['conditions.other: there is no such field', 'locale: no language', 'No object']);
});
