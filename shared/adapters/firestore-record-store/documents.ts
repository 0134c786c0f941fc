import { createHash } from 'node:crypto';
import { type DocumentData, type DocumentSnapshot, FieldValue, Timestamp } from '@google-cloud/firestore';
import type { FileDownloadRecord } from '../../domain/record.ts';

/**
 * Converts a record to a document, field by field, except that `conditions` is JSON text: each report defines its own
 * conditions, and Firestore supports neither arrays in arrays nor more than 40,000 index entries per document.
 * `attemptId` identifies the attempt of optimistic-transaction.ts that wrote the document. `changedAt` is the time of
 * the write by Firestore's clock. For `forgottenAt`, see the function of that name.
 */
export function toDocument(record: FileDownloadRecord, attemptId: string): DocumentData {
  const fields = plain(record) as DocumentData;
  const changedAt = FieldValue.serverTimestamp();
  const conditions = JSON.stringify(record.conditions);
  return { ...fields, conditions, attemptId, changedAt, forgottenAt: forgottenAt(record) };
}

const FORGOTTEN_AFTER_DAYS = 1100;

/**
 * Returns when Firestore's TTL removes what was stored for a request if the sweeper never does. Terraform refuses to
 * keep records for longer than 1000 days.
 */
export function forgottenAt({ createdAt }: Pick<FileDownloadRecord, 'createdAt'>): Date {
  return new Date(createdAt.getTime() + FORGOTTEN_AFTER_DAYS * 86_400_000);
}

/** Returns the record in a document, or undefined if there is no document. */
export function toRecord(snapshot: DocumentSnapshot): FileDownloadRecord | undefined {
  const data = snapshot.data();
  if (!data) return undefined;
  const { attemptId, changedAt, forgottenAt, ...fields } = data;
  return { ...(plain(fields) as FileDownloadRecord), conditions: JSON.parse(fields.conditions) };
}

/** Returns a document id for any text. Ids may not contain a slash, be `.` or `__x__`, or exceed 1,500 bytes. */
export function documentId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Copies a value recursively, without undefined, which Firestore rejects, and with Dates instead of Firestore's
 * Timestamps.
 */
function plain(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toDate();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const present = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(present.map(([name, field]) => [name, plain(field)]));
}
