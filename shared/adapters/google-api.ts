import type { AuthClient, GoogleAuth } from 'google-auth-library';

/**
 * Calls a method of one of Google's APIs by a POST: its path without the leading slash, e.g.
 * `v1/projects/p/topics/t:publish`, and the request in its JSON form. Throws GoogleApiError.
 */
export type GoogleApi = (method: string, request: object) => Promise<void>;

/** A call that failed, also after it was repeated. */
export class GoogleApiError extends Error {
  override readonly name = 'GoogleApiError';
  /** The error code of the API, e.g. `NOT_FOUND`; absent if there was no answer. https://google.aip.dev/193 */
  readonly status: string | undefined;

  constructor(method: string, cause: Error) {
    super(`${method}: ${cause.message}`, { cause: cause.cause });
    const { status } = (cause.cause ?? {}) as { status?: unknown };
    this.status = typeof status === 'string' ? status : undefined;
  }
}

/** A person may be waiting for a call, and a failed one can be made up for later. */
const PATIENCE_MS = 5000;

/**
 * Calls an API over HTTP and JSON, and repeats a call that failed and may succeed. Google's own clients would need half
 * of a cold start to be loaded and to parse their descriptions, for the sake of the one method that is used of each.
 */
export function googleApi(origin: string, client: Pick<GoogleAuth | AuthClient, 'request'>): GoogleApi {
  return async (method, request) => {
    // AbortSignal.timeout would keep what belongs to the call in memory for the whole time, also after the answer.
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    try {
      await client.request({
        url: `${origin}/${method}`,
        method: 'POST',
        data: request,
        signal: patience.signal,
        retryConfig: { httpMethodsToRetry: ['POST'] },
        // Node's own is in memory already.
        fetchImplementation: fetch,
      });
    } catch (error) {
      // Without the request and its headers, which the library's error contains.
      throw new GoogleApiError(method, error as Error);
    } finally {
      clearTimeout(timer);
    }
  };
}
