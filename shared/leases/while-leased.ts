import { setTimeout as delay } from 'node:timers/promises';
import { ReportError } from '../domain/errors.ts';
import type { Lease } from '../ports/fan-in.ts';

/** Often enough to stop within two seconds of a cancellation. */
const HEARTBEAT_MS = 1000;

/** Why work was broken off: nobody waits for it any more. */
export function notWanted(recordId: string): ReportError {
  return new ReportError('NOT_WANTED', 'nobody waits for this any more', { kind: 'permanent', recordId });
}

export function isNotWanted(error: unknown): boolean {
  return error instanceof ReportError && error.code === 'NOT_WANTED';
}

/**
 * Does `work` under a lease, renewing it at every heartbeat. The signal given to `work` fires when the lease is lost to another,
 * or when `heartbeat` says (false) that nobody waits any more. A heartbeat that throws is a missed one: the work goes on.
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
  // Each at its own pace: a slow store must not cost the lease.
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

/** Asks once a beat whether to go on. A beat that could not be heard says nothing against it. */
async function beat(goOn: () => Promise<boolean>, finished: AbortSignal, stop: () => void): Promise<void> {
  while (await pause(finished)) {
    if (!(await goOn().catch(() => true))) stop();
  }
}

async function pause(ended: AbortSignal): Promise<boolean> {
  return delay(HEARTBEAT_MS, true, { signal: ended }).catch(() => false);
}
