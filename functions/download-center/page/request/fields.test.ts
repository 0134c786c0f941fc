import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { conditionsOf, type Field, fieldsOf, parseList } from './fields.ts';

const title = (en: string) => ({ en, 'zh-TW': `${en} 台`, 'zh-CN': `${en} 中` });
const options = [
  { value: 1, title: title('One') },
  { value: 2, title: title('Two') },
];

/** Returns the form field of a condition with this schema. */
function fieldOf(schema: z.ZodType): Field | undefined {
  return fieldsOf(z.toJSONSchema(z.object({ it: schema }), { io: 'input' }) as object, 'zh-TW', 'Period')[0];
}

it.each<[string, z.ZodType, object]>([
  ['a date', z.iso.date(), { kind: 'date', required: true }],
  [
    'a choice of several',
    z.array(z.int()).min(1).meta({ 'x-options': options }),
    {
      kind: 'choice',
      multiple: true,
      options: [
        { value: 1, label: 'One 台' },
        { value: 2, label: 'Two 台' },
      ],
    },
  ],
  ['a choice of one', z.int().meta({ 'x-options': options }), { kind: 'choice', multiple: false }],
  [
    'an enumeration',
    z.enum(['a', 'b']),
    {
      kind: 'choice',
      multiple: false,
      options: [
        { value: 'a', label: 'a' },
        { value: 'b', label: 'b' },
      ],
    },
  ],
  [
    'several of an enumeration',
    z.array(z.enum(['a', 'b'])),
    {
      kind: 'choice',
      multiple: true,
      options: [
        { value: 'a', label: 'a' },
        { value: 'b', label: 'b' },
      ],
    },
  ],
  ['a list of numbers', z.array(z.int()), { kind: 'list', numeric: true }],
  ['a list of texts', z.array(z.string()), { kind: 'list', numeric: false }],
  ['a whole number', z.int().positive().max(9), { kind: 'number', integer: true, min: 1, max: 9 }],
  ['a number', z.number().min(0.5), { kind: 'number', integer: false, min: 0.5 }],
  ['a flag', z.boolean(), { kind: 'boolean', defaultValue: false }],
  ['a flag that need not be given', z.boolean().optional(), { kind: 'boolean', defaultValue: undefined }],
  ['a text', z.string().max(16), { kind: 'text', maxLength: 16 }],
  ['what need not be given', z.string().optional(), { kind: 'text', required: false }],
  ['what has a default', z.int().default(10), { kind: 'number', required: false, defaultValue: 10 }],
  ['what has a name', z.string().meta({ 'x-title': title('Phone') }), { title: 'Phone 台' }],
  ['what has none', z.string(), { title: 'it' }],
])('the field of %s', (_name, schema, field) => {
  expect(fieldOf(schema)).toMatchObject({ names: ['it'], ...field });
});

const schema = z.toJSONSchema(
  z.object({
    tagIds: z
      .array(z.int())
      .min(1)
      .meta({ 'x-title': title('Tags'), 'x-options': options }),
    from: z.iso.date(),
    to: z.iso.date(),
    phone: z.string().optional(),
  }),
  { io: 'input' },
) as object;
const fields = fieldsOf(schema, 'en', 'Period');

it('from and to are one period', () => {
  expect(fields.map(({ names, kind, title: of }) => [names, kind, of])).toEqual([
    [['tagIds'], 'choice', 'Tags'],
    [['from', 'to'], 'period', 'Period'],
    [['phone'], 'text', 'phone'],
  ]);
});

it('a from without a to is a date like any other', () => {
  const alone = z.toJSONSchema(z.object({ from: z.iso.date(), to: z.int() })) as object;
  expect(fieldsOf(alone, 'en', 'Period').map(({ kind }) => kind)).toEqual(['date', 'number']);
});

describe('the answers make', () => {
  const period = ['2026-01-01', '2026-06-30'];

  it('the conditions, without what was left open', () => {
    const answers = { tagIds: [1], from: period, phone: '' };
    expect(conditionsOf(fields, answers)).toEqual({ tagIds: [1], from: '2026-01-01', to: '2026-06-30' });
    expect(conditionsOf(fields, { ...answers, phone: '138' })).toMatchObject({ phone: '138' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['an empty choice', { tagIds: [], from: period }],
    ['no period', { tagIds: [1] }],
    ['half a period', { tagIds: [1], from: ['2026-01-01', undefined] }],
    ['nothing', {}],
  ])('none with %s', (_name, answers) => {
    expect(conditionsOf(fields, answers)).toBeUndefined();
  });

  it('none with half a period, though it need not be given', () => {
    const open = fields.map((field) => ({ ...field, required: false }));
    expect(conditionsOf(open, {})).toEqual({});
    expect(conditionsOf(open, { from: [undefined, undefined] })).toEqual({});
    expect(conditionsOf(open, { from: [undefined, '2026-06-30'] })).toBeUndefined();
  });

  it('false and 0 where they were given', () => {
    const both = fieldsOf(z.toJSONSchema(z.object({ flag: z.boolean(), least: z.int() })) as object, 'en', '');
    expect(conditionsOf(both, { flag: false, least: 0 })).toEqual({ flag: false, least: 0 });
  });
});

it('a list takes numbers where they are, and leaves the rest for the server to refuse', () => {
  expect(parseList([' 1', '2.5', 'x', ''], true)).toEqual([1, 2.5, 'x', '']);
  expect(parseList(['１２', '-3', '0x10', '1e3', '+1'], true)).toEqual([12, -3, '0x10', '1e3', '+1']);
  expect(parseList(['1', ' a ', '１'], false)).toEqual(['1', 'a', '１']);
});
