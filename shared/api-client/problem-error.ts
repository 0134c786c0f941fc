/** One fault of a request and its path: `conditions.tagIds.0`. */
export interface RequestFault {
  path: string;
  message: string;
}

/** An error answer of the API. The message contains every fault and can be shown as it is. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /**
   * Stable; `unexpected-answer` if the answer was not a problem document, for example one from a proxy in front of the
   * API.
   */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly RequestFault[];
  /** The problem's other members: `activeId`, `signInUrl`. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** The Retry-After header, in seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, document: Record<string, unknown>, retryAfter?: number) {
    const { type: _type, status: _status, code, title, detail, errors = [], ...extra } = document;
    const faults = errors as RequestFault[];
    const activeId = extra.activeId === undefined ? '' : ` (${extra.activeId})`;
    super(`${status} ${detail}${activeId}${faults.map(({ path, message }) => `\n  ${path}: ${message}`).join('')}`);
    this.status = status;
    this.code = String(code);
    this.title = String(title);
    this.detail = String(detail);
    this.errors = faults;
    this.extra = extra;
    this.retryAfter = retryAfter;
  }
}

export async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text();
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  const seconds = Number.isNaN(retryAfter) ? undefined : retryAfter;
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    return new ProblemError(response.status, JSON.parse(text), seconds);
  }
  const document = { code: 'unexpected-answer', title: response.statusText, detail: text || response.statusText };
  return new ProblemError(response.status, document, seconds);
}
