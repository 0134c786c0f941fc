import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DocumentData,
  type DocumentReference,
  type DocumentSnapshot,
  FieldValue,
  type Firestore,
  type WriteBatch,
} from '@google-cloud/firestore';
import { status as Status } from '@grpc/grpc-js';

/**
 * One write of a commit. It says what it expects to find, and the commit fails as a whole where one finds something
 * else.
 */
export type Write = (batch: WriteBatch) => void;

/** What an attempt came to. */
export interface Attempt<T> {
  /** Holds once all `writes` have gone in. */
  result: T;
  writes: Write[];
  /** The document among them whose field `attemptId` tells that they did, should the answer be lost. */
  marked?: DocumentReference;
}

/**
 * Makes attempts, which read and then ask for writes, until one is committed: one fails when somebody has changed
 * meanwhile what it read. Nobody waits for another's lock, as in `runTransaction`, with which 20 concurrent changes of
 * one record take 8 to 18 s on Google's emulator, and about one this way. Gives up, with the last conflict, once
 * `signal` is aborted.
 */
export async function settle<T>(
  firestore: Firestore,
  signal: AbortSignal,
  attempt: (attemptId: string) => Promise<Attempt<T>>,
): Promise<T> {
  for (;;) {
    const attemptId = randomUUID();
    const { result, writes, marked } = await attempt(attemptId);
    if (writes.length === 0) return result;
    const batch = firestore.batch();
    for (const write of writes) write(batch);
    try {
      await batch.commit();
      return result;
    } catch (error) {
      if (!isConflict(error) || signal.aborted) throw error;
    }
    // The client repeats a commit whose answer it did not get, and then conflicts with itself.
    if (marked && (await marked.get()).get('attemptId') === attemptId) return result;
    await sleep(Math.random() * 50);
  }
}

export function create(ref: DocumentReference, data: DocumentData): Write {
  return (batch) => batch.create(ref, data);
}

/** Puts `data` in the place of what was read, or where nothing was. */
export function replace(read: DocumentSnapshot, data: DocumentData): Write {
  const { ref, updateTime } = read;
  if (!updateTime) return create(ref, data);
  const gone = Object.keys(read.data() ?? {}).filter((field) => !(field in data));
  const changes = { ...data, ...Object.fromEntries(gone.map((field) => [field, FieldValue.delete()])) };
  return (batch) => batch.update(ref, changes, { lastUpdateTime: updateTime });
}

/** Deletes what was read. */
export function remove({ ref, updateTime }: DocumentSnapshot): Write {
  return (batch) => batch.delete(ref, updateTime ? { lastUpdateTime: updateTime } : {});
}

function isConflict(error: unknown): boolean {
  const { ALREADY_EXISTS, NOT_FOUND, FAILED_PRECONDITION, ABORTED } = Status;
  return hasStatus(error, ALREADY_EXISTS, NOT_FOUND, FAILED_PRECONDITION, ABORTED);
}

export function hasStatus(error: unknown, ...statuses: Status[]): boolean {
  return statuses.includes((error as { code?: Status } | undefined)?.code ?? Status.OK);
}
