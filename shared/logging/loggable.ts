import { failureOf, ReportError } from '../domain/errors.ts';
import type { Restrictions } from '../domain/rights.ts';

/** A fault of a report as it may be logged: by its code alone where anything that the report reads is sensitive, since databases quote what they stumble over. */
export function loggable(error: unknown, { clearFor }: Pick<Restrictions, 'clearFor'>): unknown {
  if (Object.keys(clearFor).length === 0) return error;
  return new ReportError(failureOf(error).code, 'withheld: the report reads sensitive columns', { kind: 'permanent' });
}
