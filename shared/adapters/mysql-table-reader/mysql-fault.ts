import { ReportError, reasonOf } from '../../domain/errors.ts';
import { isPassing } from '../passing-mysql-errors.ts';

/**
 * A fault of a read as a ReportError: transient when the server could not be reached, or its answer is about the moment; permanent when it refused, since it would in a minute,
 * too.
 */
export function mysqlFault(error: unknown): ReportError {
  if (error instanceof ReportError) return error;
  const sqlState = error instanceof Error && 'sqlState' in error && error.sqlState;
  const refused = Boolean(sqlState) && !isPassing(error);
  return new ReportError(refused ? 'QUERY_REFUSED' : 'DATABASE_UNAVAILABLE', describe(error), {
    kind: refused ? 'permanent' : 'transient',
    cause: error,
  });
}

/** A refused connection to several addresses is an AggregateError with an empty message; its code says it all. */
function describe(error: unknown): string {
  const reason = reasonOf(error);
  if (reason !== '') return reason;
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown database error';
}
