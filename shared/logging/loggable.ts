import { failureOf, ReportError } from '../domain/errors.ts';
import type { Restrictions } from '../domain/rights.ts';

/**
 * Returns a report's fault in a form that may be logged. If anything that the report reads is sensitive, keeps only the
 * error code, because databases quote the values that cause an error.
 */
export function loggable(error: unknown, { clearFor }: Pick<Restrictions, 'clearFor'>): unknown {
  if (Object.keys(clearFor).length === 0) return error;
  return new ReportError(failureOf(error).code, 'withheld: the report reads sensitive columns', { kind: 'permanent' });
}
