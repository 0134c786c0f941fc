import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { Texts } from '../texts/en.ts';

/** Returns a description of the error for users. */
export function errorMessage(error: unknown, texts: Texts): string {
  return error instanceof ProblemError && error.code !== 'unexpected-answer' ? error.detail : texts.unreachable;
}

/** Returns whether the server does not, or no longer, know who is making the request. */
export function isUnauthorized(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.status === 401;
}
