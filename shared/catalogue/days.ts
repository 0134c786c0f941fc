const DAY_MS = 86_400_000;

/** The day after a date, both YYYY-MM-DD: the open end of a range that includes that date. */
export function dayAfter(date: string): string {
  return new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
}
