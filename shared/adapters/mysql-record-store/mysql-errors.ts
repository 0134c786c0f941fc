import { isPassing } from '../passing-mysql-errors.ts';

/** Errors of the transaction that came second: a new transaction sees the changes of the first. */
const LOST_CONTESTS = new Set([
  1020, // changed since the snapshot (MariaDB's innodb_snapshot_isolation)
  1062, // duplicate key
  1213, // deadlock
  1452, // the record of an Idempotency-Key is gone
]);

export function isLostContest(error: unknown): boolean {
  return LOST_CONTESTS.has(fieldsOf(error).errno);
}

/**
 * Returns whether the server was unreachable, disconnected, or refused temporarily. The driver's own connection errors
 * have no SQL state.
 */
export function isTransient(error: unknown): boolean {
  const { fatal, sqlState } = fieldsOf(error);
  return isPassing(error) || (fatal === true && sqlState === undefined);
}

function fieldsOf(error: unknown) {
  return (error ?? {}) as { errno: number; fatal?: boolean; sqlState?: string };
}
