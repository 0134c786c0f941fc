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
 * One write of a commit, with the state that it expects. If any write finds a different state, the whole commit fails.
 */
export type Write = (batch: WriteBatch) => void;

/** The outcome of an attempt. */
export interface Attempt<T> {
  /** Valid once all `writes` are committed. */
  result: T;
  writes: Write[];
  /**
   * The document among the writes whose field `attemptId` shows that they were committed, in case the response is lost.
   */
  marked?: DocumentReference;
}

/**
 * Runs attempts, which read and then return writes, until one is committed. A commit fails if what its attempt has read
 * was changed meanwhile. Unlike with `runTransaction`, no attempt waits for another's lock: on Google's emulator, 20
 * concurrent changes of one record take about 1 s this way, and 8 to 18 s with `runTransaction`. Gives up with the last
 * conflict once `signal` is aborted.
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
    // The client retries a commit whose response it did not receive; the retry then conflicts with the first commit.
    if (marked && (await marked.get()).get('attemptId') === attemptId) return result;
    await sleep(Math.random() * 50);
  }
}

export function create(ref: DocumentReference, data: DocumentData): Write {
  return (batch) => batch.create(ref, data);
}

/** Returns a write that replaces the document that was read with `data`, or creates it if there was none. */
export function replace(read: DocumentSnapshot, data: DocumentData): Write {
  const { ref, updateTime } = read;
  if (!updateTime) return create(ref, data);
  const gone = Object.keys(read.data() ?? {}).filter((field) => !(field in data));
  const changes = { ...data, ...Object.fromEntries(gone.map((field) => [field, FieldValue.delete()])) };
  return (batch) => batch.update(ref, changes, { lastUpdateTime: updateTime });
}

/** Returns a write that deletes the document that was read. */
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
