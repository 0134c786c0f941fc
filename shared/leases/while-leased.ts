import { setTimeout as delay } from 'node:timers/promises';
import { ReportError } from '../domain/errors.ts';
import type { Lease } from '../ports/fan-in.ts';

/** Short enough that work stops within two seconds of a cancellation. */
const HEARTBEAT_MS = 1000;

/** Returns the reason for stopping work: no one waits for its result any more. */
export function notWanted(recordId: string): ReportError {
  return new ReportError('NOT_WANTED', 'nobody waits for this any more', { kind: 'permanent', recordId });
}

export function isNotWanted(error: unknown): boolean {
  return error instanceof ReportError && error.code === 'NOT_WANTED';
}

/**
 * Does `work` under a lease, and renews the lease at every heartbeat. The signal passed to `work` is aborted when the
 * lease is lost to another holder, or when `heartbeat` resolves to false because no one waits for the work any more. A
 * heartbeat that throws counts as missed, and the work continues.
 */
export async function whileLeased<T>(
  lease: Lease,
  heartbeat: () => Promise<boolean>,
  recordId: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const broken = new AbortController();
  const finished = new AbortController();
  const lost = new ReportError('LEASE_LOST', 'another took over', { kind: 'transient', recordId });
  // The two run independently, because a slow store must not cost the lease.
  const beating = [
    beat(
      () => lease.renew(),
      finished.signal,
      () => broken.abort(lost),
    ),
    beat(heartbeat, finished.signal, () => broken.abort(notWanted(recordId))),
  ];
  try {
    return await work(broken.signal);
  } finally {
    finished.abort();
    await Promise.all(beating);
  }
}

/** Asks once per beat whether to continue. A beat that fails does not stop the work. */
async function beat(goOn: () => Promise<boolean>, finished: AbortSignal, stop: () => void): Promise<void> {
  while (await pause(finished)) {
    if (!(await goOn().catch(() => true))) stop();
  }
}

async function pause(ended: AbortSignal): Promise<boolean> {
  return delay(HEARTBEAT_MS, true, { signal: ended }).catch(() => false);
}
