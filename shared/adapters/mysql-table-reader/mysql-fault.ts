import { ReportError, reasonOf } from '../../domain/errors.ts';

/**
 * Server errors (https://mariadb.com/kb/en/mariadb-error-code-reference/) that pass: they are about the moment, not about the query. Any other answer of the
 * server is final: what it refuses now it refuses in a minute, too.
 */
const PASSING_ERRORS = new Set([
  1021, // disk full, of temporary files
  1037, // out of memory
  1040, // too many connections
  1041, // out of resources
  1053, // server shutdown in progress
  1077, // normal shutdown
  1129, // host blocked because of many connection errors
  1135, // cannot create a thread
  1158, // network errors on reading and writing packets
  1159,
  1160,
  1161,
  1203, // max_user_connections
  1205, // lock wait timeout
  1213, // deadlock
  1226, // resource limit of the user
  1317, // query interrupted
  1412, // table altered since the snapshot was taken
  1927, // connection killed
  1969, // max_statement_time
  3024, // max_execution_time
]);

/** A fault of a read as a ReportError: permanent when the server refused, transient when it could not be reached or was busy. */
export function mysqlFault(error: unknown): ReportError {
  if (error instanceof ReportError) return error;
  const errno = error instanceof Error && 'errno' in error ? Number(error.errno) : Number.NaN;
  const sqlState = error instanceof Error && 'sqlState' in error && error.sqlState;
  const refused = Boolean(sqlState) && !PASSING_ERRORS.has(errno);
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
