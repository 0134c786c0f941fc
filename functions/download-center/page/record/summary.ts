import type { Locale, ReportDescription } from '../../../../shared/api-client/types.ts';
import { describeConditions } from '../common/condition-schema.ts';
import type { Format } from '../common/format.ts';

/**
 * Returns the conditions of a record's request in one line: the period without a title, and every other condition after
 * its title.
 */
export function summaryOf(
  schema: ReportDescription['conditions'],
  conditions: unknown,
  locale: Locale,
  format: Pick<Format, 'day' | 'list' | 'named'>,
): string {
  const named = new Map(describeConditions(schema, conditions, locale, format).map((one) => [one.name, one]));
  const from = named.get('from')?.values;
  const to = named.get('to')?.values;
  const period = from && to ? [`${format.list(from)} – ${format.list(to)}`] : [];
  const others = [...named.values()].filter(({ name }) => period.length === 0 || (name !== 'from' && name !== 'to'));
  return [...period, ...others.map(({ title, values }) => format.named(title, format.list(values)))].join(' · ');
}
