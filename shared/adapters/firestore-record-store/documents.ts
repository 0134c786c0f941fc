import { createHash } from 'node:crypto';
import { type DocumentData, type DocumentSnapshot, FieldValue, Timestamp } from '@google-cloud/firestore';
import type { FileDownloadRecord } from '../../domain/record.ts';

/**
 * A record as a document, field by field, except that `conditions` is JSON text: conditions are whatever a report asks
 * for, and Firestore takes neither arrays in arrays nor more than 40,000 index entries a document. `attemptId` says
 * which attempt of optimistic-transaction.ts wrote it, `changedAt` when, by Firestore's clock; see `forgottenAt`.
 */
export function toDocument(record: FileDownloadRecord, attemptId: string): DocumentData {
  const fields = plain(record) as DocumentData;
  const changedAt = FieldValue.serverTimestamp();
  const conditions = JSON.stringify(record.conditions);
  return { ...fields, conditions, attemptId, changedAt, forgottenAt: forgottenAt(record) };
}

const FORGOTTEN_AFTER_DAYS = 1100;

/**
 * When Firestore's TTL removes what was made of a request, should the sweeper never do so. Terraform refuses to keep
 * records for longer than 1000 days.
 */
export function forgottenAt({ createdAt }: Pick<FileDownloadRecord, 'createdAt'>): Date {
  return new Date(createdAt.getTime() + FORGOTTEN_AFTER_DAYS * 86_400_000);
}

/** The record in a document, or undefined where there is no document. */
export function toRecord(snapshot: DocumentSnapshot): FileDownloadRecord | undefined {
  const data = snapshot.data();
  if (!data) return undefined;
  const { attemptId, changedAt, forgottenAt, ...fields } = data;
  return { ...(plain(fields) as FileDownloadRecord), conditions: JSON.parse(fields.conditions) };
}

/** A document id for any text: ids may not hold a slash, be `.` or `__x__`, or take more than 1,500 bytes. */
export function documentId(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Throughout, without undefined, which Firestore refuses, and with Dates for its Timestamps. */
function plain(value: unknown): unknown {
  if (value instanceof Timestamp) return value.toDate();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const present = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(present.map(([name, field]) => [name, plain(field)]));
}
