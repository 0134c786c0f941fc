import { ReportError, reasonOf } from '../domain/errors.ts';

/** Longer than a store needs to resolve a conflict between requests, shorter than callers are willing to wait. */
const ANSWER_MS = 10_000;

/**
 * Runs one operation of a record store. A fault that `isTransient` recognises, or no answer within 10 s, becomes a
 * transient RECORD_STORE_UNAVAILABLE; any other error is rethrown unchanged. Once its signal is aborted, no caller
 * waits for the operation any more, although it may still take effect; it should then release its resources.
 */
export async function askRecordStore<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  isTransient: (error: unknown) => boolean,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS);
  const silence = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason));
  });
  try {
    return await Promise.race([operation(deadline.signal), silence]);
  } catch (error) {
    if (error !== deadline.signal.reason && !isTransient(error)) throw error;
    const message = `The record store cannot be reached: ${reasonOf(error)}`;
    throw new ReportError('RECORD_STORE_UNAVAILABLE', message, { kind: 'transient', cause: error });
  } finally {
    clearTimeout(timer);
  }
}
