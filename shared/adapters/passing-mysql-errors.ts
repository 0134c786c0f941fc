/**
 * Server errors (https://mariadb.com/kb/en/mariadb-error-code-reference/) that pass: they are about the moment, not about what was asked. Those whose SQL state tells are left out.
 */
const PASSING_ERRORS = new Set([
  3, // cannot write a temporary file
  1021, // disk full, of temporary files
  1026, // cannot write a file
  1030, // fault of the storage engine
  1037, // out of memory
  1040, // too many connections: told before the two sides speak of states
  1041, // out of resources
  1077, // normal shutdown
  1114, // table full, of temporary ones
  1129, // host blocked because of many connection errors
  1135, // cannot create a thread
  1203, // max_user_connections
  1205, // lock wait timeout
  1226, // resource limit of the user
  1290, // read-only, as a replica is until it takes over
  1317, // query interrupted
  1412, // table altered since the snapshot was taken
  1836, // read-only
  1927, // connection killed
  1969, // max_statement_time
  3024, // max_execution_time
  4031, // disconnected for idling
]);

/** 08: the connection, a server that shuts down, a cluster that is not ready; 40: a transaction rolled back, as after a deadlock. */
const PASSING_STATES = /^(08|40)/;

/** Whether what the server answered passes. */
export function isPassing(error: unknown): boolean {
  const { errno, sqlState } = (error ?? {}) as { errno?: number; sqlState?: string };
  return PASSING_ERRORS.has(Number(errno)) || PASSING_STATES.test(sqlState ?? '');
}
