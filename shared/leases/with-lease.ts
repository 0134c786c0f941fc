import { busy } from '../domain/errors.ts';
import type { Logger } from '../logging/logger.ts';
import type { FanIn, Lease } from '../ports/fan-in.ts';

/** What a lease is taken on: its key, and its name in the error thrown when the lease is already held. */
interface Leased {
  key: string;
  name: string;
  recordId: string;
}

/**
 * Does `work` under a lease and releases the lease afterwards, whatever the outcome. Throws BUSY (transient) while
 * another holder has the lease.
 */
export async function withLease(
  fanIn: FanIn,
  { key, name, recordId }: Leased,
  log: Logger,
  work: (lease: Lease) => Promise<void>,
): Promise<void> {
  const lease = await fanIn.acquireLease(key);
  if (!lease) throw busy(name, recordId);
  try {
    await work(lease);
  } finally {
    await lease.release().catch((error) => log.warn({ err: error }, 'the lease runs out by itself'));
  }
}
