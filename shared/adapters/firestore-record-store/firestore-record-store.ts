import { type DocumentSnapshot, type Firestore, type Query, Timestamp } from '@google-cloud/firestore';
import { status as Status } from '@grpc/grpc-js';
import type { Precedents } from '../../domain/admission.ts';
import { type FileDownloadRecord, isActive, lockOwner } from '../../domain/record.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { askRecordStore } from '../record-store-fault.ts';
import { documentId, forgottenAt, toDocument, toRecord } from './documents.ts';
import { listen } from './listen.ts';
import { type Attempt, create, hasStatus, remove, replace, settle } from './optimistic-transaction.ts';

/** The maximum number of writes in one commit. */
const BATCH_SIZE = 500;

/**
 * How far back a watch starts: `changedAt` is the time when Firestore started to process a write, shortly before the
 * write becomes visible to others.
 */
const LISTEN_BACK_MS = 30_000;

/**
 * Stores records, the admins' locks and the Idempotency-Keys in one collection each. A lock whose record is gone or no
 * longer active is ignored. The composite indexes that the queries need are in infra/schemas/firestore.indexes.json.
 */
export function firestoreRecordStore(firestore: Firestore): RecordStore {
  const records = firestore.collection('fileDownloadRecords');
  const locks = firestore.collection('fileDownloadLocks');
  const keys = firestore.collection('fileDownloadIdempotency');

  const underWay = new Set<Promise<unknown>>();

  function ask<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return askRecordStore((signal) => {
      const running = operation(signal);
      const forget = () => underWay.delete(running);
      underWay.add(running);
      running.then(forget, forget);
      return running;
    }, isTransient);
  }

  const transact = <T>(attempt: (attemptId: string) => Promise<Attempt<T>>) =>
    ask((signal) => settle(firestore, signal, attempt));

  /** Returns the record that a lock or key points to. */
  async function follow(pointer: DocumentSnapshot | undefined): Promise<FileDownloadRecord | undefined> {
    return pointer?.exists ? toRecord(await records.doc(pointer.get('recordId')).get()) : undefined;
  }

  async function findReusable(draft: FileDownloadRecord, since: Date): Promise<FileDownloadRecord | undefined> {
    const newest = records
      .where('conditionsKey', '==', draft.conditionsKey)
      .where('status', '==', 'COMPLETED')
      .where('completedAt', '>', since)
      .where('expiresAt', '>', draft.createdAt)
      .orderBy('completedAt', 'desc')
      .orderBy('expiresAt', 'desc');
    return (await fetchRecords(newest, 1))[0];
  }

  return {
    admit: ({ draft, idempotency, reuseSince }, decide) =>
      transact(async (attemptId) => {
        const owner = lockOwner(draft);
        const [lock, key] = await Promise.all([
          locks.doc(documentId(owner)).get(),
          idempotency && keys.doc(documentId(owner, idempotency.key)).get(),
        ]);
        const [holder, replayed, reusable] = await Promise.all([
          follow(lock),
          follow(key),
          reuseSince && findReusable(draft, reuseSince),
        ]);
        const precedents: Precedents = {
          ...(replayed && { replay: { requestHash: key?.get('requestHash'), record: replayed } }),
          ...(holder && isActive(holder) && { active: holder }),
          ...(reusable && { reusable }),
        };

        const decision = decide(precedents);
        const { insert, remember } = decision;
        const attempt: Attempt<typeof decision> = { result: decision, writes: [] };
        if (insert) {
          attempt.marked = records.doc(insert.id);
          attempt.writes.push(create(attempt.marked, toDocument(insert, attemptId)));
        }
        if (insert && isActive(insert)) {
          if (precedents.active) throw new Error(`${owner} already has an active record, ${precedents.active.id}`);
          attempt.writes.push(replace(lock, { owner, recordId: insert.id }));
        }
        if (remember && idempotency && key && !replayed) {
          const { requestHash } = idempotency;
          attempt.writes.push(
            replace(key, { owner, requestHash, recordId: remember.id, forgottenAt: forgottenAt(draft) }),
          );
        }
        return attempt;
      }),

    get: (id) => ask(async () => toRecord(await records.doc(id).get())),

    list({ limit, before, ...filters }) {
      let found: Query = records;
      for (const [field, value] of Object.entries(filters)) {
        if (value !== undefined) found = found.where(field, '==', value);
      }
      if (before) found = found.where('id', '<', before);
      return ask(() => fetchRecords(found.orderBy('id', 'desc'), limit));
    },

    update: (id, transition) =>
      transact(async (attemptId) => {
        const read = await records.doc(id).get();
        const record = toRecord(read);
        const changed = record && transition(record);
        if (!changed) return { result: undefined, writes: [] };
        const writes = [replace(read, toDocument(changed, attemptId))];
        if (isActive(record) && !isActive(changed)) {
          const lock = await locks.doc(documentId(lockOwner(record))).get();
          if (lock.get('recordId') === id) writes.push(remove(lock));
        }
        return { result: changed, writes, marked: read.ref };
      }),

    async *watch({ source, ...scope }, signal) {
      // Any read returns Firestore's current time.
      const { readTime } = await ask(() => records.doc('none').get());
      let changed = records.where('source', '==', source);
      for (const [field, value] of Object.entries(scope)) changed = changed.where(field, '==', value);
      const since = Timestamp.fromMillis(readTime.toMillis() - LISTEN_BACK_MS);
      yield* listen(changed.where('changedAt', '>', since).orderBy('changedAt'), signal, ask);
    },

    due: (now, limit) => ask(() => fetchRecords(records.where('sweepAt', '<=', now).orderBy('sweepAt'), limit)),

    async releaseOrphanLocks() {
      const release = (lockId: string) =>
        transact(async () => {
          const lock = await locks.doc(lockId).get();
          const holder = await follow(lock);
          const orphaned = lock.exists && !(holder && isActive(holder));
          return { result: orphaned, writes: orphaned ? [remove(lock)] : [] };
        });
      const held = await ask(() => locks.get());
      const released = await Promise.all(held.docs.map(({ id }) => release(id)));
      return released.filter(Boolean).length;
    },

    purge: (id) =>
      ask(async () => {
        // The record is deleted last, so that an interrupted purge finds it again.
        const remembered = keys.where('recordId', '==', id).limit(BATCH_SIZE);
        for (let page = await remembered.get(); !page.empty; page = await remembered.get()) {
          const batch = firestore.batch();
          for (const key of page.docs) batch.delete(key.ref);
          await batch.commit();
        }
        await records.doc(id).delete();
      }),

    async close() {
      // A client that is terminated between two attempts of a request ends the process with an unhandled rejection.
      await Promise.allSettled(underWay);
      await firestore.terminate();
    },
  };
}

async function fetchRecords(query: Query, limit: number): Promise<FileDownloadRecord[]> {
  const { docs } = await query.limit(limit).get();
  return docs.flatMap((document) => toRecord(document) ?? []);
}

function isTransient(error: unknown): boolean {
  const { UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, RESOURCE_EXHAUSTED } = Status;
  return hasStatus(error, UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, RESOURCE_EXHAUSTED);
}
