import type { z } from 'zod';
import type { Locale } from '../domain/record.ts';
import { type Fault, Problem } from './problem.ts';
import { validationMessages } from './validation-messages.ts';

const NO_SUCH_FIELD: Record<Locale, string> = {
  en: 'there is no such field',
  'zh-TW': '沒有這個欄位',
  'zh-CN': '没有这个字段',
};

export type Checked<T> = { data: T; faults?: never } | { faults: Fault[]; data?: never };

/**
 * Returns the schema's output for the value, or every fault that the schema found, with its path below `prefix` and its
 * message in `language`.
 */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  language: Locale,
  prefix: readonly string[] = [],
): Checked<T> {
  const parsed = schema.safeParse(value, { error: validationMessages(language) });
  if (parsed.success) return { data: parsed.data };
  const faults = parsed.error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: NO_SUCH_FIELD[language] }));
    // A custom check of a report supplies its message in every language.
    const own = issue.code === 'custom' ? (issue.params?.message as Record<Locale, string> | undefined) : undefined;
    return [{ path: path.join('.'), message: own?.[language] ?? issue.message }];
  });
  return { faults };
}

/** Returns the schema's output for the value; throws a 400 Problem that lists every fault. */
export function validateOrThrow<T>(schema: z.ZodType<T>, value: unknown, language: Locale): T {
  const { data, faults } = validate(schema, value, language);
  if (faults) throw new Problem('invalid-request', { errors: faults });
  return data;
}
