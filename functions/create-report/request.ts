import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { Report } from '../../shared/catalogue/define-report.ts';
import { canonicalJson } from '../../shared/domain/conditions-key.ts';
import { LOCALES, type Locale } from '../../shared/domain/record.ts';
import { faultsOf } from '../../shared/http/faults.ts';
import { type Fault, Problem } from '../../shared/http/problem.ts';

/** What is asked for, checked. */
export interface ReportRequest {
  report: Report;
  /** As the report's schema puts them out: defaults filled in. */
  conditions: unknown;
  format: 'csv';
  locale: Locale;
  /** Run again, even if there is a fresh file. */
  refresh: boolean;
}

const Body = z.strictObject({
  report: z.string(),
  conditions: z.record(z.string(), z.unknown()),
  format: z.literal('csv').default('csv'),
  locale: z.enum(LOCALES).default('en'),
  refresh: z.boolean().default(false),
});

/** Checks a request whole: a 400 Problem lists every fault with its path. */
export function parseRequest(body: unknown, reports: Catalogue): ReportRequest {
  const parsed = Body.safeParse(body);
  const { report: id, conditions } = z.looseObject({}).catch({}).parse(body) as {
    report?: unknown;
    conditions?: unknown;
  };
  const report = typeof id === 'string' ? reports.get(id) : undefined;
  const faults = parsed.success ? [] : faultsOf(parsed.error);
  if (typeof id === 'string' && !report) {
    faults.push({ path: 'report', message: `there is no report ${id}; there are ${[...reports.keys()].join(', ')}` });
  }
  const checked = report?.conditions.safeParse(conditions ?? {});
  if (checked?.error) faults.push(...faultsOf(checked.error, 'conditions'));
  if (faults.length > 0 || !parsed.success || !report || !checked?.success) {
    throw new Problem(400, 'invalid-request', 'the request has faults', { errors: unique(faults) });
  }
  const { format, locale, refresh } = parsed.data;
  return { report, conditions: checked.data, format, locale, refresh };
}

/** What an Idempotency-Key stands for. */
export function requestHash({ report, conditions, format, locale, refresh }: ReportRequest): string {
  return createHash('md5')
    .update(canonicalJson([report.id, conditions, format, locale, refresh]))
    .digest('hex');
}

/** Both schemas look at `conditions`. */
function unique(faults: Fault[]): Fault[] {
  return faults.filter(({ path }, index) => faults.findIndex((other) => other.path === path) === index);
}
