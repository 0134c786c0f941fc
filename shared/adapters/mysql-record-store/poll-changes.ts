import { setTimeout as sleep } from 'node:timers/promises';
import type { FileDownloadRecord } from '../../domain/record.ts';

const POLL_MS = 1000;

/**
 * A row gets its timestamp when its statement begins, and becomes visible when its transaction commits. Therefore each
 * poll overlaps the previous one by more than the 10 s that a change may take (record-store-fault.ts) plus the 10 s
 * that the poll itself may take, which may pass before its query runs. The rest is for a commit that is on its way at
 * that moment.
 */
const OVERLAP_MS = 22_000;

/**
 * Yields the records that `changedWithin` (a number of milliseconds) returns new or different from one poll to the
 * next, after an empty first batch, as RecordStore.watch requires. The period is measured by this process and
 * subtracted from the server's time, so the two clocks are never compared. A record that the overlap returns again is
 * recognised by its content, because two changes may have the same timestamp.
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
