import type { FileDownloadRecord } from './record.ts';

export const PHASES = ['waiting', 'querying', 'writing'] as const;

/** Where the time of a completed record went. */
export type PhaseSeconds = Record<(typeof PHASES)[number], number>;

/**
 * `waiting` lasts until the first source's snapshot was taken, by its database's clock; `querying` until all sources of all stages were there; `writing` is the join and
 * the upload. Undefined for a record that was never written.
 */
export function phasesOf({ history, sources }: FileDownloadRecord): PhaseSeconds | undefined {
  const [asked, written, completed] = (['QUEUED', 'WRITING', 'COMPLETED'] as const).map((status) =>
    history.find((entry) => entry.status === status)?.at.getTime(),
  );
  if (asked === undefined || written === undefined || completed === undefined) return undefined;
  const snapshots = Object.values(sources).flatMap(({ dataAsOf }) => dataAsOf?.getTime() ?? []);
  // Another clock may be ahead or behind.
  const begun = Math.min(Math.max(Math.min(...snapshots), asked), written);
  return {
    waiting: (begun - asked) / 1000,
    querying: (written - begun) / 1000,
    writing: (completed - written) / 1000,
  };
}
