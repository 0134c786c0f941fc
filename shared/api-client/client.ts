import { problemOf } from './problem-error.ts';
import type {
  DownloadFilter,
  DownloadPage,
  DownloadQuery,
  DownloadRecord,
  DownloadRequest,
  FileLink,
  Preview,
  ReportDescription,
  RequestCheck,
  Session,
} from './types.ts';
import { TIMING, type WatchEvent, type WatchTiming, watchAgain } from './watch.ts';

export interface ClientOptions {
  /** `https://reports.example`; the empty string in a page of the same origin. */
  origin: string;
  /** Without a token, requests carry the session's cookie. */
  token?: string;
  /** The language of problem texts. */
  locale?: string;
  fetch?: typeof fetch;
  watchTiming?: WatchTiming;
}

/**
 * The API for one person. Throws a ProblemError for every request that the API refuses, and the error of `fetch` for a
 * broken connection.
 */
export interface DownloadCenterClient {
  reports(): Promise<ReportDescription[]>;
  list(query?: DownloadQuery): Promise<DownloadPage>;
  get(id: string): Promise<DownloadRecord>;
  create(request: DownloadRequest): Promise<DownloadRecord>;
  /** Reports what `create` would do. */
  check(request: DownloadRequest, signal?: AbortSignal): Promise<RequestCheck>;
  cancel(id: string): Promise<DownloadRecord>;
  /** Requests the same report again, as a new record. */
  retry(id: string): Promise<DownloadRecord>;
  file(id: string): Promise<FileLink>;
  preview(id: string): Promise<Preview>;
  session(): Promise<Session>;
  signOut(): Promise<void>;
  /**
   * Follows the records of the filter's scope until `signal` is aborted; see WatchEvent. Status and report filter only
   * the snapshot.
   */
  watch(filter: DownloadFilter, signal: AbortSignal): AsyncIterable<WatchEvent>;
}

interface CallOptions {
  body?: unknown;
  query?: object;
  signal?: AbortSignal | undefined;
}

export function downloadCenterClient(options: ClientOptions): DownloadCenterClient {
  const { origin, token, locale, fetch = globalThis.fetch, watchTiming = TIMING } = options;
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(locale === undefined ? {} : { 'accept-language': locale }),
  };

  const request = (method: string, path: string, { body, query = {}, signal }: CallOptions = {}) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, `${value}`);
    return fetch(`${origin}${path}${search.size > 0 ? `?${search}` : ''}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(token === undefined ? { credentials: 'same-origin' } : {}),
      ...(signal ? { signal } : {}),
    });
  };
  const answered = async (method: string, path: string, call?: CallOptions): Promise<Response> => {
    const response = await request(method, path, call);
    if (!response.ok) throw await problemOf(response);
    return response;
  };
  const json = async <T>(method: string, path: string, call?: CallOptions): Promise<T> =>
    (await (await answered(method, path, call)).json()) as T;

  const pathOf = (id: string) => `/v1/downloads/${encodeURIComponent(id)}`;
  return {
    reports: async () => (await json<{ reports: ReportDescription[] }>('GET', '/v1/reports')).reports,
    list: (query = {}) => json('GET', '/v1/downloads', { query }),
    get: (id) => json('GET', pathOf(id)),
    create: (body) => json('POST', '/v1/downloads', { body }),
    check: (body, signal) => json('POST', '/v1/downloads:check', { body, signal }),
    cancel: (id) => json('POST', `${pathOf(id)}:cancel`),
    retry: (id) => json('POST', `${pathOf(id)}:retry`),
    file: (id) => json('GET', `${pathOf(id)}/file`, { query: { redirect: false } }),
    preview: (id) => json('GET', `${pathOf(id)}/preview`),
    session: () => json('GET', '/v1/session'),
    signOut: async () => void (await answered('DELETE', '/v1/session')),
    watch: (query, signal) =>
      watchAgain(
        (connection) => request('GET', '/v1/downloads:watch', { query, signal: connection }),
        (connection) => json('GET', '/v1/downloads', { query, signal: connection }),
        signal,
        watchTiming,
      ),
  };
}
