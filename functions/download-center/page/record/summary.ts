import type { Locale, ReportDescription } from '../../../../shared/api-client/types.ts';
import { describeConditions } from '../common/condition-schema.ts';

/** What a record was asked with, in a line: its period without a name, and each other condition after its own. `list` joins a condition's values. */
export function summaryOf(
  schema: ReportDescription['conditions'],
  conditions: unknown,
  locale: Locale,
  list: (items: readonly string[]) => string,
): string {
  const named = new Map(describeConditions(schema, conditions, locale).map((one) => [one.name, one]));
  const from = named.get('from')?.values;
  const to = named.get('to')?.values;
  const colon = locale === 'en' ? ': ' : '：';
  const period = from && to ? [`${list(from)} – ${list(to)}`] : [];
  const others = [...named.values()].filter(({ name }) => period.length === 0 || (name !== 'from' && name !== 'to'));
  return [...period, ...others.map(({ title, values }) => `${title}${colon}${list(values)}`)].join(' · ');
}
