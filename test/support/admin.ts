import type { ProblemError } from '../../shared/api-client/problem-error.ts';
import {
  type DownloadPage,
  type DownloadRecord,
  type DownloadRequest,
  type FileLink,
  isFinished,
} from '../../shared/api-client/types.ts';
import { eventually } from './eventually.ts';

/** A request whose conditions are an object. */
export interface Order extends DownloadRequest {
  conditions: Record<string, unknown>;
}

export interface Answer<Body> {
  status: number;
  body: Body;
}

interface ProblemDetails extends Pick<ProblemError, 'code' | 'detail'> {
  activeId?: string;
}

/** A client of the API for one person. */
export class Admin {
  readonly #origin: string;
  readonly #token: string;

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#token = token;
  }

  /**
   * Requests a report, always as a new export even if there is a reusable file, and resolves to the record. Throws
   * unless the request was accepted.
   */
  async ask(order: Order, traceparent?: string): Promise<DownloadRecord> {
    const answer = await this.post('/v1/downloads', { ...order, refresh: true }, traceparent);
    if (answer.status !== 202) throw new Error(`refused: ${JSON.stringify(answer)}`);
    return answer.body;
  }

  /** Requests a report, and resolves to the record when it is terminal. */
  async run(order: Order): Promise<DownloadRecord> {
    return this.ended((await this.ask(order)).id);
  }

  async record(id: string): Promise<DownloadRecord> {
    const { status, body } = await this.#call<DownloadRecord>('GET', `/v1/downloads/${id}`);
    if (status !== 200) throw new Error(`no record ${id}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Resolves to the newest record. */
  async newest(): Promise<DownloadRecord | undefined> {
    const { body } = await this.#call<DownloadPage>('GET', '/v1/downloads?pageSize=1');
    return body.downloads[0];
  }

  /** Polls until `wanted` holds for the record. Throws if the record ends without it, or after a minute. */
  async until(id: string, wanted: (record: DownloadRecord) => boolean): Promise<DownloadRecord> {
    return eventually(async () => {
      // Some tests take the record store down in the meantime.
      const record = await this.record(id).catch(() => undefined);
      if (record && !wanted(record) && isFinished(record)) {
        throw new Error(`ended otherwise: ${JSON.stringify(record)}`);
      }
      return record && wanted(record) && record;
    }, 60);
  }

  ended(id: string): Promise<DownloadRecord> {
    return this.until(id, isFinished);
  }

  post<Body = DownloadRecord & ProblemDetails>(
    path: string,
    body?: unknown,
    traceparent?: string,
  ): Promise<Answer<Body>> {
    return this.#call('POST', path, body, traceparent);
  }

  cancel(id: string): Promise<Answer<DownloadRecord & ProblemDetails>> {
    return this.post(`/v1/downloads/${id}:cancel`);
  }

  retry(id: string): Promise<Answer<DownloadRecord & ProblemDetails>> {
    return this.post(`/v1/downloads/${id}:retry`);
  }

  fileStatus(id: string): Promise<Answer<ProblemDetails & Partial<FileLink> & { recordStatus?: string }>> {
    return this.#call('GET', `/v1/downloads/${id}/file?redirect=false`);
  }

  /** Downloads the file like a browser: by the redirect, which does not forward the token. */
  async download(id: string): Promise<Buffer> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const redirect = await fetch(`${this.#origin}/v1/downloads/${id}/file`, { headers, redirect: 'manual' });
    const location = redirect.headers.get('location');
    if (redirect.status !== 302 || location === null) throw new Error(`no redirect: ${redirect.status}`);
    const response = await fetch(location);
    if (!response.ok) throw new Error(`no file: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async #call<Body>(method: string, path: string, body?: unknown, traceparent?: string): Promise<Answer<Body>> {
    const response = await fetch(`${this.#origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body };
  }
}
