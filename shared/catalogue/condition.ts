import { z } from 'zod';
import type { Localized } from '../domain/record.ts';
import { maskedFor, type Person, type Restrictions } from '../domain/rights.ts';
import type { Table } from './define-table.ts';
import { qualified } from './mask.ts';

/** One of the values that a condition can have. */
export interface Option {
  readonly value: string | number;
  readonly title: Localized;
}

interface About<T extends Table> {
  readonly title: Localized;
  /** The values to choose from. */
  readonly options?: readonly Option[];
  /**
   * The column that the condition is compared with. If the table marks the column as sensitive, so is the condition's
   * value.
   */
  readonly column?: readonly [table: T, name: keyof T['columns'] & string];
}

/**
 * Declares a condition as users see it, with a title in each language. The catalogue's JSON Schema contains all of it
 * as `x-…`.
 */
export function condition<Schema extends z.ZodType, T extends Table>(
  schema: Schema,
  { title, options, column }: About<T>,
): Schema {
  const sensitive = column !== undefined && column[1] in column[0].sensitive;
  return schema.meta({
    'x-title': title,
    ...(options ? { 'x-options': options } : {}),
    ...(sensitive ? { 'x-sensitive': qualified(column[0], column[1]) } : {}),
  });
}

/** Returns the sensitive columns that each condition is about, at any depth. A condition about none is left out. */
export function sensitiveConditions(conditions: z.ZodObject): Record<string, string[]> {
  const { properties = {} } = z.toJSONSchema(conditions, { io: 'input' });
  const columns = Object.entries(properties).map(([name, schema]): [string, string[]] => [name, markedColumns(schema)]);
  return Object.fromEntries(columns.filter(([, marked]) => marked.length > 0));
}

function markedColumns(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'x-sensitive' ? [String(value)] : markedColumns(value),
  );
}

/**
 * Returns the conditions by which a person may not search: the person sees their columns masked, and the rows found
 * would reveal the values.
 */
export function closedConditions(
  {
    sensitiveConditions: about,
    clearFor,
  }: Pick<Restrictions, 'clearFor'> & { sensitiveConditions: Readonly<Record<string, readonly string[]>> },
  person: Person,
): string[] {
  const masked = maskedFor(person, { clearFor });
  return Object.keys(about).filter((name) => about[name]?.some((column) => masked.includes(column)));
}

/**
 * Returns the conditions that people other than the requester may see: all except those about sensitive columns, or
 * none if the report no longer exists.
 */
export function publicConditions(
  report: { sensitiveConditions: Readonly<Record<string, unknown>> } | undefined,
  conditions: unknown,
): Record<string, unknown> {
  const hidden = report?.sensitiveConditions;
  return Object.fromEntries(Object.entries(conditions as object).filter(([name]) => hidden && !(name in hidden)));
}
