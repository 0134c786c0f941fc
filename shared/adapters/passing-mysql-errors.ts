/**
 * Transient server errors (https://mariadb.com/kb/en/mariadb-error-code-reference/): their cause is the moment, not the
 * statement. Errors that their SQL state identifies as transient are left out.
 */
const PASSING_ERRORS = new Set([
  3, // cannot write a temporary file
  1021, // disk full, for temporary files
  1026, // cannot write a file
  1030, // error of the storage engine
  1037, // out of memory
  1040, // too many connections: sent before the protocol supports SQL states
  1041, // out of resources
  1077, // normal shutdown
  1114, // a temporary table is full
  1129, // host blocked because of many connection errors
  1135, // cannot create a thread
  1203, // max_user_connections
  1205, // lock wait timeout
  1226, // resource limit of the user
  1290, // read-only, like a replica before its promotion
  1317, // query interrupted
  1412, // table altered since the snapshot was taken
  1836, // read-only
  1927, // connection killed
  1969, // max_statement_time
  3024, // max_execution_time
  4031, // disconnected because idle
]);

/**
 * 08: connection errors, a server that shuts down, a cluster that is not ready. 40: a transaction that was rolled back,
 * for example after a deadlock.
 */
const PASSING_STATES = /^(08|40)/;

/** Returns whether the server's error is transient. */
export function isPassing(error: unknown): boolean {
  const { errno, sqlState } = (error ?? {}) as { errno?: number; sqlState?: string };
  return PASSING_ERRORS.has(Number(errno)) || PASSING_STATES.test(sqlState ?? '');
}
