import { v7 as uuid } from 'uuid';
import type { Precedents } from '../../shared/domain/admission.ts';
import { costOfSharing } from '../../shared/domain/cost.ts';
import type { FileDownloadRecord, Status } from '../../shared/domain/record.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';

/** The store under test, and the operations that the suite cannot perform through it. */
export interface RecordStoreHarness {
  readonly store: RecordStore;
  /** Returns another instance on the same records. */
  open(): RecordStore;
  /** Changes only the status, bypassing the store. */
  forceStatus(id: string, status: Status): Promise<unknown>;
  /** Deletes only the record, bypassing the store. */
  dropRecord(id: string): Promise<unknown>;
}

export const createdAt = new Date('2026-03-01T12:00:00.123Z');

export function plusMinutes(minutes: number, from = createdAt): Date {
  return new Date(from.getTime() + minutes * 60_000);
}

/** Returns a queued record of a new admin, without any of the optional fields. */
export function newRecord(changes: Partial<FileDownloadRecord> = {}): FileDownloadRecord {
  return {
    id: uuid(),
    source: 'portal',
    report: 'withdrawals-by-user-tag',
    definitionVersion: 1,
    conditionsKey: '0123456789abcdef0123456789abcdef',
    conditions: { tagIds: [1, 2] },
    format: 'csv',
    locale: 'en',
    departmentId: '3',
    masked: [],
    adminId: uuid(),
    status: 'QUEUED',
    history: [{ status: 'QUEUED', at: createdAt }],
    createdAt,
    stage: 0,
    sources: {},
    token: 0,
    deadline: plusMinutes(10),
    sweepAt: plusMinutes(1),
    leftovers: true,
    unannounced: [],
    ...changes,
  };
}

/** Returns a completed record, with all the fields that a completed record has. */
export function completedRecord(changes: Partial<FileDownloadRecord> = {}): FileDownloadRecord {
  return newRecord({
    status: 'COMPLETED',
    completedAt: plusMinutes(1),
    expiresAt: plusMinutes(7 * 24 * 60),
    file: { fileAddress: 'bucket/reports/r/file.csv', rows: 2, bytes: 20, crc32c: 'AAAAAA==' },
    cost: costOfSharing(20),
    ...changes,
  });
}

export async function insert(store: RecordStore, record: FileDownloadRecord): Promise<FileDownloadRecord> {
  await store.admit({ draft: record }, () => ({ insert: record }));
  return record;
}

/** Requests as create-report does: returns what was answered before, else the active record, else a new one. */
export function request(store: RecordStore, draft: FileDownloadRecord, key?: string) {
  const idempotency = key === undefined ? {} : { idempotency: { key, requestHash: 'hash' } };
  return store.admit({ draft, ...idempotency }, ({ replay, active }) => {
    if (replay) return { outcome: 'replayed', id: replay.record.id };
    if (active) return { outcome: 'active', id: active.id, remember: active };
    return { outcome: 'inserted', id: draft.id, insert: draft, remember: draft };
  });
}

/** Returns what an admission would find now. */
export async function precedentsOf(
  store: RecordStore,
  draft: FileDownloadRecord,
  options: { key?: string; reuseSince?: Date } = {},
): Promise<Precedents> {
  const { key, reuseSince } = options;
  const { precedents } = await store.admit(
    {
      draft,
      ...(key !== undefined && { idempotency: { key, requestHash: 'hash' } }),
      ...(reuseSince && { reuseSince }),
    },
    (precedents): { precedents: Precedents; insert?: FileDownloadRecord } => ({ precedents }),
  );
  return precedents;
}

/** Calls `run` `count` times concurrently, and resolves when all calls have. */
export function atOnce<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => run(index)));
}
