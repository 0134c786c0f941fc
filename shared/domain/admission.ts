import { costOfSharing } from './cost.ts';
import type { FileDownloadRecord } from './record.ts';
import { lockOwner } from './record.ts';

/** The existing records that bear on a new request, as the store found them. */
export interface Precedents {
  /**
   * The earlier answer to the same Idempotency-Key: the hash of its request, and its record as it stands now. Absent
   * once the record is purged.
   */
  replay?: { requestHash: string; record: FileDownloadRecord };
  /** The record that holds the admin's lock. */
  active?: FileDownloadRecord;
  /**
   * The newest COMPLETED record, of any owner, with the draft's conditionsKey and a file that expires after the draft's
   * `createdAt`.
   */
  reusable?: FileDownloadRecord;
}

export type Verdict =
  /** The draft is accepted and must be dispatched. */
  | { outcome: 'created'; record: FileDownloadRecord; insert: FileDownloadRecord; remember: FileDownloadRecord }
  /** The same request is under way, or its Idempotency-Key was answered before: `record` is that request's record. */
  | { outcome: 'repeated'; record: FileDownloadRecord; insert?: never; remember?: FileDownloadRecord }
  /**
   * A fresh file exists: `record` is the requester's own record of it or, if a colleague with the same rights requested
   * it, a new record for the requester that shares the file.
   */
  | { outcome: 'reused'; record: FileDownloadRecord; insert?: FileDownloadRecord; remember: FileDownloadRecord }
  /** A file exists that could serve, if it is still in storage. Nothing is stored. */
  | { outcome: 'unconfirmed'; record: FileDownloadRecord; insert?: never; remember?: never }
  /** The requester has another request under way. */
  | { outcome: 'locked'; record: FileDownloadRecord; insert?: never; remember?: never }
  /** The Idempotency-Key belongs to another request. */
  | { outcome: 'key-conflict'; record: FileDownloadRecord; insert?: never; remember?: never };

/**
 * Decides the outcome of a request from its precedents. `confirmed` is the id of the record whose file is known to be
 * in storage.
 */
export function admit(
  draft: FileDownloadRecord,
  requestHash: string,
  { replay, active, reusable }: Precedents,
  confirmed?: string,
): Verdict {
  if (replay)
    return { outcome: replay.requestHash === requestHash ? 'repeated' : 'key-conflict', record: replay.record };
  if (active?.conditionsKey === draft.conditionsKey) return { outcome: 'repeated', record: active, remember: active };
  if (active) return { outcome: 'locked', record: active };
  if (!reusable) return { outcome: 'created', record: draft, insert: draft, remember: draft };
  if (reusable.id !== confirmed) return { outcome: 'unconfirmed', record: reusable };
  if (lockOwner(reusable) === lockOwner(draft)) return { outcome: 'reused', record: reusable, remember: reusable };
  const copy = shareFile(draft, reusable);
  return { outcome: 'reused', record: copy, insert: copy, remember: copy };
}

/**
 * Returns a COMPLETED record that shares another record's file. Both expire together: the file is deleted once, when
 * the original expires. The new record has the original's completion time, so repeated sharing neither makes a file
 * younger nor extends its reuse.
 */
function shareFile(draft: FileDownloadRecord, original: FileDownloadRecord): FileDownloadRecord {
  const { file, sources, stage, completedAt, expiresAt } = original;
  return {
    ...draft,
    status: 'COMPLETED',
    history: [{ status: 'COMPLETED', at: draft.createdAt }],
    stage,
    sources,
    reusedFrom: original.reusedFrom ?? original.id,
    leftovers: false,
    unannounced: ['COMPLETED'],
    ...(completedAt ? { completedAt } : {}),
    ...(file ? { file, cost: costOfSharing(file.bytes) } : {}),
    ...(expiresAt ? { expiresAt } : {}),
  };
}
