import { isPassing } from '../passing-mysql-errors.ts';

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
  const { fatal, sqlState } = fieldsOf(error);
  return isPassing(error) || (fatal === true && sqlState === undefined);
}

function fieldsOf(error: unknown) {
  return (error ?? {}) as { errno: number; fatal?: boolean; sqlState?: string };
}
