import { costOfSharing } from './cost.ts';
import type { FileDownloadRecord } from './record.ts';
import { lockOwner } from './record.ts';

/** What the store found that bears on a new request. */
export interface Precedents {
  /** What the same Idempotency-Key was answered with before, as it stands now; none once it is purged. */
  replay?: { requestHash: string; record: FileDownloadRecord };
  /** The record that holds the admin's lock. */
  active?: FileDownloadRecord;
  /**
   * The newest COMPLETED record, whoever's, with the draft's conditionsKey and a file that outlives its `createdAt`.
   */
  reusable?: FileDownloadRecord;
}

export type Verdict =
  /** The draft, to be dispatched. */
  | { outcome: 'created'; record: FileDownloadRecord; insert: FileDownloadRecord; remember: FileDownloadRecord }
  /** The same request is under way, was answered before, or has a fresh file: that record. */
  | { outcome: 'repeated'; record: FileDownloadRecord; insert?: never; remember?: FileDownloadRecord }
  /** A file that a colleague with the same rights asked for: a record of one's own on it. */
  | { outcome: 'reused'; record: FileDownloadRecord; insert?: FileDownloadRecord; remember: FileDownloadRecord }
  /** There is a file that could serve, if it is still in storage. Nothing is kept. */
  | { outcome: 'unconfirmed'; record: FileDownloadRecord; insert?: never; remember?: never }
  /** Something else is under way. */
  | { outcome: 'locked'; record: FileDownloadRecord; insert?: never; remember?: never }
  /** The Idempotency-Key belongs to another request. */
  | { outcome: 'key-conflict'; record: FileDownloadRecord; insert?: never; remember?: never };

/** Decides what a request gets, given what there is. `confirmed` is the record whose file is known to be in storage. */
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
 * A COMPLETED record on another's file. Both expire together: the file is deleted once, when the original does. It was completed when the
 * original was: a file that is shared on and on grows no younger, and is reused no longer.
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
