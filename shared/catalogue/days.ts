import { z } from 'zod';
import { condition } from './condition.ts';

const DAY_MS = 86_400_000;

/** The latest moment that MySQL supports. No day follows it. */
const LAST_MOMENT = '9999-12-31 23:59:59.999999';

/** Returns the day after a date, both YYYY-MM-DD: the exclusive end of a range that includes that date. */
export function dayAfter(date: string): string {
  return date === '9999-12-31' ? LAST_MOMENT : new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
}

/** The conditions of a period that includes both its dates. The page asks for them as one range. */
export const period = {
  from: condition(z.iso.date(), { title: { en: 'From', 'zh-TW': '開始日期', 'zh-CN': '开始日期' } }),
  to: condition(z.iso.date(), { title: { en: 'To', 'zh-TW': '結束日期', 'zh-CN': '结束日期' } }),
};

const ENDS_BEFORE_IT_BEGINS = {
  en: 'the period ends before it begins',
  'zh-TW': '結束日期早於開始日期',
  'zh-CN': '结束日期早于开始日期',
};

/** Checks, for conditions with a period, that the period does not end before it begins. */
export function periodInOrder({
  value,
  issues,
}: {
  value: { from: string; to: string };
  issues: z.core.$ZodRawIssue[];
}) {
  if (value.from <= value.to) return;
  issues.push({ code: 'custom', input: value, path: ['to'], params: { message: ENDS_BEFORE_IT_BEGINS } });
}
