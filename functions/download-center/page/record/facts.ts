import {
  type DownloadRecord,
  isFinished,
  type SourceProgress,
  type Status,
} from '../../../../shared/api-client/types.ts';

/** Returns a source's progress from 0 to 1, or undefined while its total is unknown. */
export function shareOf({ status, rows, expectedRows }: SourceProgress): number | undefined {
  if (status === 'DONE') return 1;
  if (status === 'WAITING') return 0;
  // The estimate may be too low: an unfinished source never shows as complete.
  return expectedRows ? Math.min(rows / expectedRows, 0.99) : undefined;
}

export interface StageProgress {
  /** Counted from 0. */
  stage: number;
  share: number;
  sources: { name: string; progress: SourceProgress }[];
}

/** Returns a record's stages in order, each with its sources. */
export function stagesOf({ sources }: DownloadRecord): StageProgress[] {
  const stages = Map.groupBy(Object.entries(sources), ([, { stage }]) => stage);
  return [...stages]
    .sort(([a], [b]) => a - b)
    .map(([stage, entries]) => ({
      stage,
      share: entries.reduce((sum, [, progress]) => sum + (shareOf(progress) ?? 0), 0) / entries.length,
      sources: entries.map(([name, progress]) => ({ name, progress })),
    }));
}

/** Returns the milliseconds from the request to its end, or until now. */
export function durationMs(record: DownloadRecord, now: number): number {
  const end = record.history.find(isFinished)?.at;
  return Math.max(0, (end === undefined ? now : Date.parse(end)) - Date.parse(record.createdAt));
}

/** Returns the instant that the data as a whole reflects: the earliest of the sources' snapshots. */
export function dataAsOf({ sources }: DownloadRecord): string | undefined {
  const instants = Object.values(sources).flatMap(({ dataAsOf: at }) => at ?? []);
  return instants.sort()[0];
}

/** Returns the record's status. A file expires at its time, before the record's status says so. */
export function statusOf({ status, expiresAt }: DownloadRecord, now: number): Status {
  return status === 'COMPLETED' && expiresAt !== undefined && Date.parse(expiresAt) <= now ? 'EXPIRED' : status;
}
