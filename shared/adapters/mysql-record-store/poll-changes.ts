import { setTimeout as sleep } from 'node:timers/promises';
import type { FileDownloadRecord } from '../../domain/record.ts';

const POLL_MS = 1000;

/**
 * A row is stamped when its statement begins and seen when its transaction commits: each poll looks back over the one before it by more than the 10 s that a change is given
 * (record-store-fault.ts), and the 10 s that the poll itself is given, which may pass before it is asked. The rest is for a commit that is on its way then.
 */
const OVERLAP_MS = 22_000;

/**
 * What `changedWithin` (so many milliseconds) finds new or different from one poll to the next; an empty batch first, as RecordStore.watch has it. Time is measured here and
 * taken from the server's, so that the two clocks never meet. What the look back finds again is told by its content: two changes may bear one stamp.
 */
export async function* pollChanges(
  changedWithin: (ms: number) => Promise<FileDownloadRecord[]>,
  signal: AbortSignal,
): AsyncGenerator<FileDownloadRecord[]> {
  let known: Map<string, string> | undefined;
  let polledAt = performance.now();
  while (!signal.aborted) {
    const now = performance.now();
    const recent = await changedWithin(now - polledAt + OVERLAP_MS);
    polledAt = now;
    const before = known;
    known = new Map(recent.map((record) => [record.id, JSON.stringify(record)]));
    const changed = before ? recent.filter(({ id }) => before.get(id) !== known?.get(id)) : [];
    if (!signal.aborted && (changed.length > 0 || !before)) yield changed;
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
}
