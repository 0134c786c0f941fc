import type { Precedents } from '../domain/admission.ts';
import type { FileDownloadRecord, Status } from '../domain/record.ts';
import type { Transition } from '../domain/transitions.ts';

export interface Admission {
  draft: FileDownloadRecord;
  /** Scoped to the lock owner; kept for as long as the record. */
  idempotency?: { key: string; requestHash: string };
  /** Look for a reusable record that completed after this instant; absent: do not look. */
  reuseSince?: Date;
}

/** Whose records: an admin's, a department's, or all of the asking system. */
export interface RecordScope {
  source: string;
  adminId?: string;
  departmentId?: string;
}

export interface RecordQuery extends RecordScope {
  status?: Status;
  report?: string;
  /** At most this many. */
  limit: number;
  /** Only records older than this id (ids sort by time). */
  before?: string;
}

/**
 * Where records live. Implementations: Firestore and MySQL, held to one contract suite. A store that cannot be reached,
 * or does not answer within 10 s, surfaces as a transient ReportError, RECORD_STORE_UNAVAILABLE; what was asked of it
 * may come about all the same. Ids are UUIDs.
 */
export interface RecordStore {
  /**
   * Gathers the precedents and lets `decide` choose what to keep. A record that it returns as `insert` is stored, and
   * takes the admin's lock if it is active; with `remember`, the Idempotency-Key is bound to that record, once and for
   * all. All of it is kept or nothing; where another request has taken the lock or the key meanwhile, `decide` runs
   * again. What it throws is thrown, and nothing kept.
   */
  admit<T extends { insert?: FileDownloadRecord; remember?: FileDownloadRecord }>(
    admission: Admission,
    decide: (precedents: Precedents) => T,
  ): Promise<T>;

  get(id: string): Promise<FileDownloadRecord | undefined>;

  /** Newest first. */
  list(query: RecordQuery): Promise<FileDownloadRecord[]>;

  /**
   * Applies a transition to the record as it stands, in a transaction. A change into a terminal status releases the
   * admin's lock in the same transaction. Resolves to the changed record, or to undefined when there is none or the
   * transition refused. `transition` may run more than once.
   */
  update(id: string, transition: Transition): Promise<FileDownloadRecord | undefined>;

  /**
   * Batches of the scope's records that have changed or appeared: each in its latest state once at least, within 3 s, whoever changed it. The first batch is
   * empty and says that the watch has begun: a list that is read after it, and the batches after it, leave no change out. Removed records are not told. Ends when
   * `signal` is aborted, which alone lets go of what is open.
   */
  watch(scope: RecordScope, signal: AbortSignal): AsyncIterable<FileDownloadRecord[]>;

  /** Records whose `sweepAt` has come, the longest overdue first. */
  due(now: Date, limit: number): Promise<FileDownloadRecord[]>;

  /** Releases locks whose record is gone or no longer active; resolves to how many. */
  releaseOrphanLocks(): Promise<number>;

  /** Removes the record and what was remembered for it. */
  purge(id: string): Promise<void>;

  close(): Promise<void>;
}
