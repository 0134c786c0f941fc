import { ReportError, reasonOf } from '../domain/errors.ts';
import { answerWithin, NoAnswer } from './answer-within.ts';

/** Longer than a store needs to resolve a conflict between requests, shorter than callers are willing to wait. */
const ANSWER_MS = 10_000;

/**
 * Runs one operation of a record store. A fault that `isTransient` recognises, or no answer within 10 s, becomes a
 * transient RECORD_STORE_UNAVAILABLE; any other error is rethrown unchanged.
 */
export async function askRecordStore<T>(
  operation: (signal: AbortSignal) => Promise<T>,
  isTransient: (error: unknown) => boolean,
): Promise<T> {
  try {
    return await answerWithin(ANSWER_MS, operation);
  } catch (error) {
    if (!(error instanceof NoAnswer) && !isTransient(error)) throw error;
    const message = `The record store cannot be reached: ${reasonOf(error)}`;
    throw new ReportError('RECORD_STORE_UNAVAILABLE', message, { kind: 'transient', cause: error });
  }
}
