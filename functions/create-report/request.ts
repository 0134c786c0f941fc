import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CreateOrder } from '../../shared/api/schemas.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { closedConditions } from '../../shared/catalogue/condition.ts';
import type { Report } from '../../shared/catalogue/define-report.ts';
import { canonicalJson } from '../../shared/domain/conditions-key.ts';
import type { Locale } from '../../shared/domain/record.ts';
import { mayAsk, type Person } from '../../shared/domain/rights.ts';
import { validate } from '../../shared/http/faults.ts';
import { type Fault, Problem } from '../../shared/http/problem.ts';

/** A validated request. */
export interface ReportRequest {
  report: Report;
  /** The output of the report's schema, with defaults filled in. */
  conditions: unknown;
  format: 'csv';
  locale: Locale;
  /** Whether to run the report again even if there is a fresh file. */
  refresh: boolean;
}

const NO_SUCH_REPORT: Record<Locale, string> = {
  en: 'unknown report; available: ',
  'zh-TW': '沒有此報表；可申請：',
  'zh-CN': '没有该报表；可申请：',
};

const MASKED: Record<Locale, string> = {
  en: 'this field is masked for you, so you cannot filter by it',
  'zh-TW': '您無權查看此欄位的完整內容，因此無法用於篩選',
  'zh-CN': '您无权查看该字段的完整内容，因此无法用于筛选',
};

/**
 * Validates a whole request. Throws a 400 Problem that lists every fault with its path and a message in the given
 * language, and a 403 Problem for a report that is not open to the person.
 */
export function parseRequest(body: unknown, reports: Catalogue, person: Person, language: Locale): ReportRequest {
  const order = validate(CreateOrder, body, language);
  const { report: id, conditions } = z.looseObject({}).catch({}).parse(body) as {
    report?: unknown;
    conditions?: unknown;
  };
  const report = typeof id === 'string' ? reports.get(id) : undefined;
  if (report && !mayAsk(person, report)) throw new Problem('report-not-permitted');
  const faults = order.faults ?? [];
  if (typeof id === 'string' && !report) {
    const open = [...reports.values()].filter((known) => mayAsk(person, known)).map((known) => known.id);
    faults.push({ path: 'report', message: NO_SUCH_REPORT[language] + open.join(', ') });
  }
  if (report) faults.push(...maskedFaults(report, conditions, person, language));
  const asked = report && validate(report.conditions, conditions ?? {}, language, ['conditions']);
  if (asked?.faults) faults.push(...asked.faults);
  if (faults.length > 0 || !order.data || !report || !asked?.data) {
    throw new Problem('invalid-request', { errors: unique(faults) });
  }
  const { format, locale, refresh } = order.data;
  return { report, conditions: asked.data, format, locale, refresh };
}

/**
 * Returns a fault for each condition on a column that is masked for the person. Filtering by its values would find
 * nothing, and an error is better than an empty file.
 */
function maskedFaults(report: Report, conditions: unknown, person: Person, language: Locale): Fault[] {
  return closedConditions(report, person)
    .filter((name) => isGiven(conditions, name))
    .map((name) => ({ path: `conditions.${name}`, message: MASKED[language] }));
}

function isGiven(conditions: unknown, name: string): boolean {
  return typeof conditions === 'object' && conditions !== null && name in conditions;
}

/** The hash by which a request with the same Idempotency-Key is recognized as the same request. */
export function requestHash({ report, conditions, format, locale, refresh }: ReportRequest): string {
  return createHash('md5')
    .update(canonicalJson([report.id, conditions, format, locale, refresh]))
    .digest('hex');
}

/** Keeps the first fault of each path, because both schemas check `conditions`. */
function unique(faults: Fault[]): Fault[] {
  return faults.filter(({ path }, index) => faults.findIndex((other) => other.path === path) === index);
}
