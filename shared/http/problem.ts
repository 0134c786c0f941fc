import type { Response } from '@google-cloud/functions-framework';
import { ReportError } from '../domain/errors.ts';
import type { Logger } from '../logging/logger.ts';

/** One fault of a request, where it is: `conditions.tagIds.0`. */
export interface Fault {
  path: string;
  message: string;
}

/** What a request gets instead of what it asked for: RFC 9457 problem details. `code` is stable and names the type. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Content too large',
  422: 'Unprocessable content',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

/** The one place where an error becomes an answer. What is not a Problem is this side's fault: it is logged, and only its kind is told. */
export function sendProblem(response: Response, error: unknown, log: Logger): void {
  const problem = error instanceof Problem ? error : internalProblem(error, log);
  const { status, code, message, extra } = problem;
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  if (status === 503) response.setHeader('Retry-After', '5');
  response
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({ type: `/problems/${code}`, title: TITLES[status], status, detail: message, code, ...extra }),
    );
}

function internalProblem(error: unknown, log: Logger): Problem {
  log.error({ err: error }, 'the request failed');
  return error instanceof ReportError && error.kind === 'transient'
    ? new Problem(503, 'unavailable', 'a service this one stands on does not answer; try again soon')
    : new Problem(500, 'internal', 'something went wrong here; it has been logged');
}
