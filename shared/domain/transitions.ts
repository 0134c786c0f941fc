import type { Cost } from './cost.ts';
import type { Failure } from './errors.ts';
import {
  type FileDownloadRecord,
  isActive,
  isTerminal,
  type ReportFile,
  type SourceProgress,
  type Status,
  type TerminalStatus,
} from './record.ts';

/**
 * A change of a record, as a pure function: it takes the record as it stands and returns the changed record, or
 * `undefined` if the record's state does not allow the change. Every change of a record is a transition. A store
 * applies it inside a transaction (RecordStore.update), which makes it a compare-and-set on status and fencing token.
 */
export type Transition = (record: FileDownloadRecord) => FileDownloadRecord | undefined;

export interface Retention {
  fileDays: number;
  recordDays: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The sweeper dispatches a created record that was not dispatched within this time. */
export const DISPATCH_GRACE_MS = 30_000;
/** The sweeper looks at an unfinished record at this interval, because its wake-ups may have been lost. */
export const SWEEP_INTERVAL_MS = 2 * MINUTE;
/** Leftovers are removed this long after the record's end, when no attempt can hold a lease any more. */
export const LEFTOVERS_GRACE_MS = MINUTE;

export function startQuerying(now: Date): Transition {
  return (record) =>
    record.status === 'QUEUED'
      ? { ...enter(record, 'QUERYING', now), sweepAt: after(now, SWEEP_INTERVAL_MS) }
      : undefined;
}

/**
 * Updates one source's progress. Refused as soon as the record no longer waits for the source, so that its query can
 * stop.
 */
export function reportProgress(source: string, progress: Partial<SourceProgress>): Transition {
  return (record) => {
    const known = record.sources[source];
    if (!known || !isActive(record)) return undefined;
    // The source was run again because its result was lost, or by a zombie: keep what the record shows.
    if (known.status === 'DONE') return record;
    return { ...record, sources: { ...record.sources, [source]: { ...known, ...progress } } };
  };
}

/** Moves from stage `from` to the next and updates the progress of several sources at once, as the fan-in knows it. */
export function advanceStage(from: number, progress: Record<string, Partial<SourceProgress>>): Transition {
  return (record) =>
    record.status === 'QUERYING' && record.stage === from
      ? { ...record, stage: from + 1, sources: mergeProgress(record, progress) }
      : undefined;
}

/**
 * Moves to WRITING under a new fencing token. Also allowed from WRITING, because an earlier aggregator may have died
 * while writing.
 */
export function startWriting(now: Date, progress: Record<string, Partial<SourceProgress>>): Transition {
  return (record) => {
    if (record.status !== 'QUERYING' && record.status !== 'WRITING') return undefined;
    const writing = record.status === 'WRITING' ? record : enter(record, 'WRITING', now);
    return { ...writing, token: record.token + 1, sources: mergeProgress(record, progress) };
  };
}

export function complete(token: number, file: ReportFile, cost: Cost, now: Date, retention: Retention): Transition {
  return (record) => {
    if (record.status !== 'WRITING' || record.token !== token) return undefined;
    return { ...finish(record, 'COMPLETED', now), file, cost, expiresAt: after(now, retention.fileDays * DAY) };
  };
}

/**
 * Fails the record. `token` is the record's token as the caller knew it: once another aggregator has taken the record,
 * the fault is no longer the record's, and the change is refused.
 */
export function fail(failure: Failure, now: Date, token: number): Transition {
  return (record) =>
    isActive(record) && record.token === token ? { ...finish(record, 'FAILED', now), failure } : undefined;
}

export function cancel(now: Date): Transition {
  return (record) => (isActive(record) ? finish(record, 'CANCELLED', now) : undefined);
}

/** Expires the record once the file's time is over. The file becomes a leftover, for the sweeper's next run. */
export function expire(now: Date): Transition {
  return (record) =>
    record.status === 'COMPLETED' && record.expiresAt && record.expiresAt <= now
      ? { ...enter(record, 'EXPIRED', now), leftovers: true, sweepAt: now }
      : undefined;
}

/** Records that an event of that status has been published. */
export function markAnnounced(status: TerminalStatus): Transition {
  return (record) =>
    record.unannounced.includes(status)
      ? { ...record, unannounced: record.unannounced.filter((left) => left !== status) }
      : undefined;
}

export function postponeSweep(until: Date): Transition {
  return (record) => ({ ...record, sweepAt: until });
}

/**
 * Records that the leftovers are gone. The sweeper comes back when the file or the record reaches the end of its
 * retention, or soon, while an event is unpublished.
 */
export function markLeftoversRemoved(retention: Retention, now: Date): Transition {
  return (record) => {
    if (isActive(record)) return undefined;
    const purgeAt = after(record.completedAt ?? record.createdAt, retention.recordDays * DAY);
    const next = record.status === 'COMPLETED' && record.expiresAt ? record.expiresAt : purgeAt;
    return {
      ...record,
      leftovers: false,
      sweepAt: record.unannounced.length > 0 ? after(now, SWEEP_INTERVAL_MS) : next,
    };
  };
}

export function isPurgeable(record: FileDownloadRecord, now: Date, retention: Retention): boolean {
  if (isActive(record) || record.status === 'COMPLETED' || record.leftovers || record.unannounced.length > 0)
    return false;
  return after(record.completedAt ?? record.createdAt, retention.recordDays * DAY) <= now;
}

/** Enters a status. A terminal status counts as unannounced from the same commit that enters it. */
function enter(record: FileDownloadRecord, status: Status, now: Date): FileDownloadRecord {
  const unannounced = isTerminal(status) ? [...record.unannounced, status] : record.unannounced;
  return { ...record, status, history: [...record.history, { status, at: now }], unannounced };
}

function finish(record: FileDownloadRecord, status: Status, now: Date): FileDownloadRecord {
  return { ...enter(record, status, now), completedAt: now, sweepAt: after(now, LEFTOVERS_GRACE_MS) };
}

function mergeProgress(record: FileDownloadRecord, progress: Record<string, Partial<SourceProgress>>) {
  const merged = { ...record.sources };
  for (const [source, change] of Object.entries(progress)) {
    const known = merged[source];
    if (known) merged[source] = { ...known, ...change };
  }
  return merged;
}

function after(instant: Date, ms: number): Date {
  return new Date(instant.getTime() + ms);
}
