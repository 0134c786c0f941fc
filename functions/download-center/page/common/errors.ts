import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { Texts } from '../texts/en.ts';

/** What went wrong, in words for a person. */
export function errorMessage(error: unknown, texts: Texts): string {
  return error instanceof ProblemError && error.code !== 'unexpected-answer' ? error.detail : texts.unreachable;
}

/** The server does not know, or no longer, who is asking. */
export function isUnauthorized(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.status === 401;
}
