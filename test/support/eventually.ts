import { setTimeout as sleep } from 'node:timers/promises';

/** Less than Jest allows a test, so that a failure names the probe. */
const DEFAULT_SECONDS = 25;

/** Long enough that polling a whole system does not slow it down. */
const POLL_MS = 20;

/**
 * Polls until `probe` returns something other than undefined and false, and resolves to that. Rejects with whatever
 * `probe` throws, and after `seconds`.
 */
export async function eventually<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = DEFAULT_SECONDS,
): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(POLL_MS)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`Not within ${seconds} s: ${probe}`);
}
