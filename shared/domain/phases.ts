import type { FileDownloadRecord } from './record.ts';

export const PHASES = ['waiting', 'querying', 'writing'] as const;

/** How the time of a completed record divides, in seconds. */
export type PhaseSeconds = Record<(typeof PHASES)[number], number>;

/**
 * Returns the seconds of each phase, or undefined for a record whose file was never written. `waiting` lasts until the
 * first source's snapshot was taken, by the clock of its database; `querying` lasts until all sources of all stages
 * were done; `writing` is the join and the upload.
 */
export function phasesOf({ history, sources }: FileDownloadRecord): PhaseSeconds | undefined {
  const [asked, written, completed] = (['QUEUED', 'WRITING', 'COMPLETED'] as const).map((status) =>
    history.find((entry) => entry.status === status)?.at.getTime(),
  );
  if (asked === undefined || written === undefined || completed === undefined) return undefined;
  const snapshots = Object.values(sources).flatMap(({ dataAsOf }) => dataAsOf?.getTime() ?? []);
  // The database's clock may be ahead or behind.
  const begun = Math.min(Math.max(Math.min(...snapshots), asked), written);
  return {
    waiting: (begun - asked) / 1000,
    querying: (written - begun) / 1000,
    writing: (completed - written) / 1000,
  };
}
