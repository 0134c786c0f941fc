import type { Locale, Titles } from '../../../../shared/api-client/types.ts';

/** A property of a report's conditions, as far as the form reads its JSON Schema. */
interface Property {
  type?: string;
  format?: string;
  enum?: readonly unknown[];
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  maxLength?: number;
  items?: Property;
  'x-title'?: Titles;
  'x-options'?: readonly { value: unknown; title: Titles }[];
}

export interface Option {
  value: string | number;
  label: string;
}

export type FieldKind =
  | { kind: 'period' }
  | { kind: 'date' }
  | { kind: 'choice'; several: boolean; options: Option[] }
  | { kind: 'list'; numeric: boolean }
  | { kind: 'number'; whole: boolean; least: number | undefined; most: number | undefined }
  | { kind: 'flag' }
  | { kind: 'text'; longest: number | undefined };

/** A field of the form. `names` are the conditions that it gives: two for a period. */
export type Field = FieldKind & {
  names: [string] | [string, string];
  title: string;
  required: boolean;
  preset: unknown;
};

interface ObjectSchema {
  properties?: Readonly<Record<string, Property>>;
  required?: readonly string[];
}

const isDate = (property: Property | undefined) => property?.type === 'string' && property.format === 'date';

/** The form of a report's conditions. `from` and `to`, both dates, are one period, in the place of `from`. */
export function fieldsOf(schema: ObjectSchema, locale: Locale, periodTitle: string): Field[] {
  const { properties = {}, required = [] } = schema;
  const hasPeriod = isDate(properties.from) && isDate(properties.to);
  return Object.entries(properties).flatMap(([name, property]): Field[] => {
    const title = property['x-title']?.[locale] ?? name;
    const isRequired = required.includes(name);
    // A switch shows no from the beginning, and so that is what it says.
    const preset = property.default ?? (isRequired && property.type === 'boolean' ? false : undefined);
    const common = { title, required: isRequired, preset };
    if (!hasPeriod || (name !== 'from' && name !== 'to'))
      return [{ ...common, ...kindOf(property, locale), names: [name] }];
    return name === 'to' ? [] : [{ ...common, kind: 'period', names: ['from', 'to'], title: periodTitle }];
  });
}

function kindOf(property: Property, locale: Locale): FieldKind {
  const several = property.type === 'array';
  const options = optionsOf(property, locale);
  if (options) return { kind: 'choice', several, options };
  if (several) return { kind: 'list', numeric: isNumeric(property.items) };
  if (isDate(property)) return { kind: 'date' };
  if (property.type === 'boolean') return { kind: 'flag' };
  if (!isNumeric(property)) return { kind: 'text', longest: property.maxLength };
  const whole = property.type === 'integer';
  const above = property.exclusiveMinimum;
  const least = property.minimum ?? (whole && above !== undefined ? Math.floor(above) + 1 : above);
  return { kind: 'number', whole, least, most: property.maximum };
}

const isNumeric = (property: Property | undefined) => property?.type === 'integer' || property?.type === 'number';

function optionsOf(property: Property, locale: Locale): Option[] | undefined {
  const titled = property['x-options']?.map(({ value, title }) => ({
    value: value as Option['value'],
    label: title[locale],
  }));
  const values = (property.enum ?? property.items?.enum) as Option['value'][] | undefined;
  return titled ?? values?.map((value) => ({ value, label: `${value}` }));
}

/** What a record was asked with, under the names that the form has for it. */
export function describeConditions(
  schema: ObjectSchema,
  conditions: unknown,
  locale: Locale,
): { name: string; title: string; values: string[] }[] {
  return Object.entries(conditions ?? {}).map(([name, value]) => {
    const property = schema.properties?.[name] ?? {};
    const labels = new Map(optionsOf(property, locale)?.map((option) => [option.value, option.label]));
    const values = (Array.isArray(value) ? value : [value]).map((one) => labels.get(one) ?? textOf(one));
    return { name, title: property['x-title']?.[locale] ?? name, values };
  });
}

const textOf = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : `${value}`);

/** A period's first and last day, as ISO days; undefined while one is not whole. */
export type Days = [from: string | undefined, to: string | undefined];

/** What the form holds, by each field's first name; dates are ISO days, periods `Days`. */
export type Answers = Readonly<Record<string, unknown>>;

/** The conditions that the answers make; undefined while something is missing. */
export function conditionsOf(fields: readonly Field[], answers: Answers): Record<string, unknown> | undefined {
  const conditions: Record<string, unknown> = {};
  for (const field of fields) {
    const answer = answers[field.names[0]];
    if (isMissing(field, answer)) return undefined;
    const values = valuesOf(field, answer);
    if (values.every(isEmpty)) continue;
    field.names.forEach((name, index) => {
      conditions[name] = values[index];
    });
  }
  return conditions;
}

/** Whether there is something to give yet: what is required, or the other day of a period. */
export function isMissing(field: Field, answer: unknown): boolean {
  const values = valuesOf(field, answer);
  return values.some(isEmpty) && (field.required || !values.every(isEmpty));
}

function valuesOf({ kind }: Field, answer: unknown): unknown[] {
  return kind === 'period' && Array.isArray(answer) ? answer : [answer];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What was typed into a list: as numbers where they are, otherwise as it is, for the server to say what is wrong with it. */
export function listOf(entries: readonly string[], numeric: boolean): (string | number)[] {
  return entries
    .map((entry) => entry.trim())
    .map((entry) => (numeric && entry !== '' && !Number.isNaN(Number(entry)) ? Number(entry) : entry));
}
