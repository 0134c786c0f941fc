import { z } from 'zod';
import type { Localized } from '../domain/record.ts';
import { maskedFor, type Person, type Restrictions } from '../domain/rights.ts';
import type { Table } from './define-table.ts';
import { qualified } from './mask.ts';

/** One of the values that a condition may have. */
export interface Option {
  readonly value: string | number;
  readonly title: Localized;
}

interface About<T extends Table> {
  readonly title: Localized;
  /** What there is to choose from. */
  readonly options?: readonly Option[];
  /** The column that it is compared with: if the table marks it sensitive, the condition's value is. */
  readonly column?: readonly [table: T, name: keyof T['columns'] & string];
}

/** A condition as people are asked for it: named in each language. All of it is in the JSON Schema of the catalogue, as `x-…`. */
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

/** The sensitive columns that each condition is about, however deep in it; a condition about none is left out. */
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

/** The conditions by which a person may not search: they see the columns masked, and what is found would tell. */
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

/** The conditions as others than the asker may see them: without those about sensitive columns; without any if the report is gone. */
export function publicConditions(
  report: { sensitiveConditions: Readonly<Record<string, unknown>> } | undefined,
  conditions: unknown,
): Record<string, unknown> {
  const hidden = report?.sensitiveConditions;
  return Object.fromEntries(Object.entries(conditions as object).filter(([name]) => hidden && !(name in hidden)));
}
