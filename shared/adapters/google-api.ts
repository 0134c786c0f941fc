import type { AuthClient, GoogleAuth } from 'google-auth-library';

/**
 * Calls a method of one of Google's APIs by a POST: its path without the leading slash, e.g.
 * `v1/projects/p/topics/t:publish`, and the request in its JSON form. Throws GoogleApiError.
 */
export type GoogleApi = (method: string, request: object) => Promise<void>;

/**
 * The error that the library throws: with the HTTP status and the parsed body of the answer, or with the cause of a
 * missing answer.
 */
interface RequestError extends Error {
  status?: number;
  cause?: { status?: string };
}

const API_CODE = /^[A-Z_]+$/;

/** A call that failed, including its retries. Contains nothing of the request, which may be confidential. */
export class GoogleApiError extends Error {
  override readonly name = 'GoogleApiError';
  /**
   * The API's code, e.g. `NOT_FOUND` (https://google.aip.dev/193), or the HTTP status of an answer that is not the
   * API's; absent if there was no answer.
   */
  readonly code: string | undefined;

  constructor(method: string, { message, status, cause }: RequestError) {
    const code = API_CODE.test(cause?.status ?? '') ? cause?.status : status?.toString();
    const reason = code === undefined || API_CODE.test(code) ? message : `answered with ${code}`;
    super(`${method}: ${reason}`, status === undefined ? { cause } : {});
    this.code = code;
  }
}

/**
 * The time limit of a call, including the request for a token and retries. A user may be waiting for the call, and a
 * failed one can be compensated for later.
 */
const PATIENCE_MS = 5000;

const REPETITION = { httpMethodsToRetry: ['POST'], retry: 5, noResponseRetries: 5, maxRetryDelay: 1000 };

/**
 * Calls an API over HTTP and JSON, and retries a failed call that may succeed. Google's own clients would take a third
 * of a cold start to load and to parse their descriptions, while only one method of each is used.
 */
export function googleApi(origin: string, client: Pick<GoogleAuth | AuthClient, 'request'>): GoogleApi {
  return async (method, request) => {
    const patience = new AbortController();
    const { promise: outOfPatience, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${PATIENCE_MS} ms`));
      patience.abort();
    }, PATIENCE_MS);
    const answer = client.request({
      url: `${origin}/${method}`,
      method: 'POST',
      data: request,
      signal: patience.signal,
      retryConfig: REPETITION,
      // Node's own fetch is already in memory.
      fetchImplementation: fetch,
    });
    try {
      // The library passes the signal neither to the request for a token nor to the waits between retries.
      await Promise.race([answer, outOfPatience]);
    } catch (error) {
      throw new GoogleApiError(method, error as RequestError);
    } finally {
      clearTimeout(timer);
    }
  };
}
