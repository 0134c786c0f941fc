import { z } from 'zod';
import type { Report } from '../../shared/catalogue/define-report.ts';

/** A report as the catalogue shows it; `conditions` is JSON Schema (2020-12) of what a request may hold. */
export function describeReport({ id, version, title, conditions, example, columns, reuseForSeconds }: Report) {
  return {
    id,
    version,
    title,
    formats: ['csv'],
    conditions: z.toJSONSchema(conditions, { io: 'input' }),
    example,
    columns: Object.entries(columns).map(([name, { guard, ...titles }]) => ({ name, title: titles })),
    reuseForSeconds,
  };
}
