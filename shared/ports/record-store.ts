import type { Precedents } from '../domain/admission.ts';
import type { FileDownloadRecord, Status } from '../domain/record.ts';
import type { Transition } from '../domain/transitions.ts';

export interface Admission {
  draft: FileDownloadRecord;
  /** Scoped to the lock owner; stored for as long as the record. */
  idempotency?: { key: string; requestHash: string };
  /** Search for a reusable record that completed after this instant; if absent, do not search. */
  reuseSince?: Date;
}

/** Whose records to select: those of one admin, of one department, or of the whole requesting system. */
export interface RecordScope {
  source: string;
  adminId?: string;
  departmentId?: string;
}

export interface RecordQuery extends RecordScope {
  status?: Status;
  report?: string;
  /** The maximum number of records. */
  limit: number;
  /** Select only records older than this id (ids sort by time). */
  before?: string;
}

/**
 * Stores records. Implementations: Firestore and MySQL, which pass the same contract suite. If a store is unreachable
 * or does not answer within 10 s, the operation fails with a transient ReportError, RECORD_STORE_UNAVAILABLE; it may
 * still take effect. Ids are UUIDs.
 */
export interface RecordStore {
  /**
   * Gathers the precedents and lets `decide` choose what to store. Stores the record that it returns as `insert`; that
   * record takes the admin's lock if it is active. Binds the Idempotency-Key permanently to the record that it returns
   * as `remember`. The operation is atomic: it stores everything or nothing. If another request takes the lock or the
   * key in the meantime, `decide` runs again. If `decide` throws, stores nothing and rethrows the error.
   */
  admit<T extends { insert?: FileDownloadRecord; remember?: FileDownloadRecord }>(
    admission: Admission,
    decide: (precedents: Precedents) => T,
  ): Promise<T>;

  /** Resolves to the record, or to undefined if there is none. */
  get(id: string): Promise<FileDownloadRecord | undefined>;

  /** Resolves to the matching records, newest first. */
  list(query: RecordQuery): Promise<FileDownloadRecord[]>;

  /**
   * Applies a transition to the current record, in a transaction. A change to a terminal status releases the admin's
   * lock in the same transaction. Resolves to the changed record, or to undefined if there is no record or the
   * transition refuses the change. `transition` may run more than once.
   */
  update(id: string, transition: Transition): Promise<FileDownloadRecord | undefined>;

  /**
   * Yields batches of the scope's records that were created or changed. Each record is yielded in its latest state, at
   * least once, within 3 s, whichever process changed it. The first batch is empty and signals that the watch has
   * started: a list that is read after it, together with the later batches, misses no change. Removed records are not
   * reported. The watch ends when `signal` is aborted; only that releases its resources.
   */
  watch(scope: RecordScope, signal: AbortSignal): AsyncIterable<FileDownloadRecord[]>;

  /** Resolves to at most `limit` records whose `sweepAt` has been reached, the longest overdue first. */
  due(now: Date, limit: number): Promise<FileDownloadRecord[]>;

  /** Releases locks whose record no longer exists or is no longer active; resolves to the number of released locks. */
  releaseOrphanLocks(): Promise<number>;

  /** Removes the record and the Idempotency-Keys bound to it. */
  purge(id: string): Promise<void>;

  /** Closes the connections to the store. */
  close(): Promise<void>;
}
