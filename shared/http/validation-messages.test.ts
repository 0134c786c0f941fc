import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { LOCALES } from '../domain/record.ts';
import { validate } from './faults.ts';

type Case = [what: string, schema: z.ZodType, value: unknown, en: string];

const cases: Case[] = [
  ['nothing', z.object({ a: z.int() }), {}, 'is required'],
  ['no choice', z.object({ a: z.enum(['x']) }), {}, 'is required'],
  ['a text for a number', z.int(), 'seven', 'must be a number'],
  ['half a number', z.int(), 1.5, 'must be a whole number'],
  ['no number at all', z.coerce.number(), 'abc', 'must be a number'],
  ['a number for a text', z.string(), 7, 'must be text'],
  ['one for a list', z.array(z.int()), 7, 'must be a list'],
  ['a list for an object', z.record(z.string(), z.unknown()), [], 'must be an object'],
  ['another day', z.iso.date(), '2026-02-30', 'must be a date, such as 2026-01-31'],
  ['too little', z.int().min(5), 4, 'must be at least 5'],
  ['the bound itself', z.int().positive(), 0, 'must be greater than 0'],
  ['too much', z.int().max(5), 6, 'must be at most 5'],
  ['too few', z.array(z.int()).min(1), [], 'must contain at least 1 item'],
  ['too many', z.array(z.int()).max(1), [1, 2], 'can contain at most 1 item'],
  ['too short', z.string().min(1), '', 'must have at least 1 character'],
  ['too long', z.string().max(2), 'abc', 'can have at most 2 characters'],
  ['another choice', z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  ['no id', z.uuid(), 'x', 'must be an ID'],
];

describe('a fault is said for a person:', () => {
  it.each(cases)('%s', (_, schema, value, en) => {
    const said = LOCALES.map((locale) => validate(schema, value, locale).faults?.map(({ message }) => message));
    expect(said[0]).toEqual([en]);
    for (const other of said.slice(1)) {
      expect(other).toEqual([expect.stringMatching(/\p{Script=Han}/u)]);
      // It contains no English except names and values.
      expect(other?.join().replace(/true|false|a、b/g, '')).not.toMatch(/[a-z]{2}/i);
    }
  });
});

it('what is not said here is in zod’s own words', () => {
  expect(validate(z.email(), 'x', 'en').faults).toEqual([{ path: '', message: expect.stringContaining('email') }]);
});
