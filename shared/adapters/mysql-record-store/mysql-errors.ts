/** Server errors (https://mariadb.com/kb/en/mariadb-error-code-reference/) that pass. */
const PASSING_ERRORS = new Set([
  1040, // too many connections
  1053, // server shutdown
  1077, // normal shutdown
  1203, // too many connections of this user
  1205, // lock wait timeout
  1213, // deadlock
  1290, // read-only, as a replica is until it takes over
  1836, // read-only
  1927, // connection killed
  4031, // disconnected for idling
]);

/** Answers to one who was too late: a new transaction sees what the first one did. */
const LOST_CONTESTS = new Set([
  1020, // changed since the snapshot (MariaDB's innodb_snapshot_isolation)
  1062, // duplicate key
  1213, // deadlock
  1452, // the record of an Idempotency-Key is gone
]);

export function isLostContest(error: unknown): boolean {
  return LOST_CONTESTS.has(fieldsOf(error).errno);
}

/** Not reached, cut off, or refused for the moment. What the driver itself says of a connection bears no SQL state. */
export function isTransient(error: unknown): boolean {
  const { errno, fatal, sqlState } = fieldsOf(error);
  return PASSING_ERRORS.has(errno) || (fatal === true && sqlState === undefined);
}

function fieldsOf(error: unknown) {
  return (error ?? {}) as { errno: number; fatal?: boolean; sqlState?: string };
}
