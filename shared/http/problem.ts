import type { Response } from '@google-cloud/functions-framework';
import { PROBLEM_TYPES, type ProblemCode, type ProblemType } from '../api/problem-types.ts';
import { ReportError } from '../domain/errors.ts';
import type { Locale } from '../domain/record.ts';
import type { Logger } from '../logging/logger.ts';

/** One fault of a request and its path: `conditions.tagIds.0`. */
export interface Fault {
  path: string;
  message: string;
}

/**
 * An error answer: RFC 9457 problem details. `code` is stable and identifies the type. `members` are the problem's own
 * members, and fill the placeholders in its text.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, members: Record<string, unknown> = {}) {
    super(textOf(PROBLEM_TYPES[code].detail.en, members));
    this.code = code;
    this.members = members;
  }

  get status(): number {
    return PROBLEM_TYPES[this.code].status;
  }
}

const UNAVAILABLE_SECONDS = 5;

/**
 * Sends an error as an answer; this is the only place that does so. An error that is not a Problem is a server fault:
 * it is logged, and the answer contains only its kind.
 */
export function sendProblem(response: Response, error: unknown, log: Logger, language: Locale): void {
  const { code, status, members } = error instanceof Problem ? error : internalProblem(error, log);
  const { title, detail }: ProblemType = PROBLEM_TYPES[code];
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  if (status === 503) response.setHeader('Retry-After', `${UNAVAILABLE_SECONDS}`);
  const problem = {
    type: `/problems/${code}`,
    title: title[language],
    status,
    detail: textOf(detail[language], members),
    code,
    ...members,
  };
  response
    .status(status)
    .set({ 'Content-Language': language, 'Cache-Control': 'no-store' })
    .vary('Accept-Language')
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

function internalProblem(error: unknown, log: Logger): Problem {
  log.error({ err: error }, 'the request failed');
  return new Problem(error instanceof ReportError && error.kind === 'transient' ? 'unavailable' : 'internal');
}

function textOf(template: string, members: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_place, name: string) => `${members[name]}`);
}
