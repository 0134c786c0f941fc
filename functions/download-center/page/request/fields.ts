import type { Locale } from '../../../../shared/api-client/types.ts';
import { type ConditionSchema, type Option, optionsOf, type Property, titleOf } from '../common/condition-schema.ts';

export type FieldKind =
  | { kind: 'period' }
  | { kind: 'date' }
  | { kind: 'choice'; multiple: boolean; options: Option[] }
  | { kind: 'list'; numeric: boolean }
  | { kind: 'number'; integer: boolean; min: number | undefined; max: number | undefined }
  | { kind: 'boolean' }
  | { kind: 'text'; maxLength: number | undefined };

/** A field of the form. `names` are the conditions that it sets: two for a period. */
export type Field = FieldKind & {
  names: [string] | [string, string];
  title: string;
  required: boolean;
  defaultValue: unknown;
};

const isDate = (property: Property | undefined) => property?.type === 'string' && property.format === 'date';

/** Returns whether the conditions include a period. */
export const hasPeriod = ({ properties }: ConditionSchema = {}) => isDate(properties?.from) && isDate(properties?.to);

/**
 * Returns the form fields of a report's conditions. `from` and `to`, if both are dates, form one period in the place of
 * `from`.
 */
export function fieldsOf(schema: ConditionSchema, locale: Locale, periodTitle: string): Field[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, property]): Field[] => {
    const title = titleOf(name, property, locale);
    const isRequired = required.includes(name);
    // A switch initially shows "no", so that is its value.
    const defaultValue = property.default ?? (isRequired && property.type === 'boolean' ? false : undefined);
    const common = { title, required: isRequired, defaultValue };
    if (!hasPeriod(schema) || (name !== 'from' && name !== 'to'))
      return [{ ...common, ...kindOf(property, locale), names: [name] }];
    return name === 'to' ? [] : [{ ...common, kind: 'period', names: ['from', 'to'], title: periodTitle }];
  });
}

function kindOf(property: Property, locale: Locale): FieldKind {
  const multiple = property.type === 'array';
  const options = optionsOf(property, locale);
  if (options) return { kind: 'choice', multiple, options };
  if (multiple) return { kind: 'list', numeric: isNumeric(property.items) };
  if (isDate(property)) return { kind: 'date' };
  if (property.type === 'boolean') return { kind: 'boolean' };
  if (!isNumeric(property)) return { kind: 'text', maxLength: property.maxLength };
  const integer = property.type === 'integer';
  const above = property.exclusiveMinimum;
  const min = property.minimum ?? (integer && above !== undefined ? Math.floor(above) + 1 : above);
  return { kind: 'number', integer, min, max: property.maximum };
}

const isNumeric = (property: Property | undefined) => property?.type === 'integer' || property?.type === 'number';

/** A period's first and last day, as ISO days; a day is undefined while it is incomplete. */
export type Days = [from: string | undefined, to: string | undefined];

/** The form's values by each field's first name. Dates are ISO days, periods are `Days`. */
export type Answers = Readonly<Record<string, unknown>>;

/** Returns the conditions that the answers make, or undefined while something is missing. */
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

/** Returns whether the answer still lacks a value: a required one, or the other day of a period. */
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

/**
 * Parses what was typed into a list: numbers where they are valid. Other entries stay as they are, so that the server
 * reports what is wrong with them.
 */
export function parseList(entries: readonly string[], numeric: boolean): (string | number)[] {
  return (
    entries
      // Chinese keyboards produce full-width digits.
      .map((entry) => (numeric ? entry.normalize('NFKC') : entry).trim())
      .map((entry) => (numeric && /^-?\d+(\.\d+)?$/.test(entry) ? Number(entry) : entry))
  );
}
