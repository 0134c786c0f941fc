import { ReportError, reasonOf } from '../../domain/errors.ts';
import { isPassing } from '../passing-mysql-errors.ts';

/**
 * Returns a fault of a read as a ReportError. It is transient if the server could not be reached or its error has a
 * temporary cause. It is permanent if the server refused the query, because it would refuse it again.
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

/**
 * A refused connection to several addresses is an AggregateError with an empty message; its code contains the reason.
 */
function describe(error: unknown): string {
  const reason = reasonOf(error);
  if (reason !== '') return reason;
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown database error';
}
