import { z } from 'zod';
import { closedConditions } from '../../shared/catalogue/condition.ts';
import type { Report } from '../../shared/catalogue/define-report.ts';
import type { Person } from '../../shared/domain/rights.ts';

/**
 * Describes a report as the catalogue shows it to the person. `conditions` is the JSON Schema (2020-12) of the
 * conditions that the person's request may contain.
 */
export function describeReport(report: Report, person: Person) {
  const { id, version, title, conditions, example, columns, sources, reuseForSeconds } = report;
  const closed = new Set(closedConditions(report, person));
  const without = (entries: object) =>
    Object.fromEntries(Object.entries(entries).filter(([name]) => !closed.has(name)));
  const schema = z.toJSONSchema(conditions, { io: 'input' });
  return {
    id,
    version,
    title,
    formats: ['csv'],
    conditions: { ...schema, properties: without(schema.properties ?? {}) },
    example: without(example as object),
    columns: Object.entries(columns).map(([name, { guard, ...titles }]) => ({ name, title: titles })),
    tables: [...new Set(sources.map(({ table }) => table))].map(({ name, title: titles }) => ({ name, title: titles })),
    reuseForSeconds,
  };
}
