import type { z } from 'zod';

const DAY_MS = 86_400_000;

/** MySQL knows no later moment, and no day after it. */
const LAST_MOMENT = '9999-12-31 23:59:59.999999';

/** The day after a date, both YYYY-MM-DD: the open end of a range that includes that date. */
export function dayAfter(date: string): string {
  return date === '9999-12-31' ? LAST_MOMENT : new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
}

/** A check for conditions that have a period, both its dates included. */
export function periodInOrder({
  value,
  issues,
}: {
  value: { from: string; to: string };
  issues: z.core.$ZodRawIssue[];
}) {
  if (value.from <= value.to) return;
  issues.push({ code: 'custom', input: value, path: ['to'], message: 'the period ends before it begins' });
}
