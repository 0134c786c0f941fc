import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Request } from '@google-cloud/functions-framework';
import type { Locale } from '../domain/record.ts';
import { Problem } from './problem.ts';

const MAX_BODY_BYTES = 64 * 1024;

/** Of a call with an event: it has a record, whose conditions came in a body, and Pub/Sub sends it in base64. */
export const MAX_EVENT_BYTES = 1024 * 1024;

const REQUEST_START = 'http.server.request.start';

/** What is wrong with a body that is not JSON; the parser's own words are quoted. */
const NOT_JSON: Record<Locale, (reason: string) => string> = {
  en: (reason) => reason,
  'zh-TW': (reason) => `JSON 解析失敗（${reason}）`,
  'zh-CN': (reason) => `JSON 解析失败（${reason}）`,
};

/** Requests whose bodies are over the limit, and were not kept. */
const oversized = new WeakSet<IncomingMessage>();

/**
 * Makes the Functions Framework hand over bodies as bytes, `maxBytes` at most. It would take up to a gigabyte into memory otherwise, and parse it if it is JSON, before
 * any function runs and asks who sends it, and answer a malformed body, or a path with malformed escapes, with an HTML page and a stack in the log; the request's start is
 * the one moment before that. It holds for every server of the process, until what is returned is called.
 */
export function takeBodiesRaw(maxBytes = MAX_BODY_BYTES): () => void {
  const makeRaw = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    request.headers['content-type'] = 'application/octet-stream';
    // It unpacks bodies, too: a few kilobytes could take all the memory there is.
    delete request.headers['content-encoding'];
    limitBody(request, maxBytes);
    const { url = '' } = request;
    if (decoded(url.split('?')[0] as string) === undefined) request.url = encodeURI(url);
  };
  subscribe(REQUEST_START, makeRaw);
  return () => unsubscribe(REQUEST_START, makeRaw);
}

/** A body over the limit is left out, or ends there, so that the request is answered as any other; what comes of it is thrown away. */
function limitBody(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length']) > maxBytes) {
    // Without a length, there is no body to read; Node discards it after the answer.
    delete request.headers['content-length'];
    oversized.add(request);
    return;
  }
  let bytes = 0;
  const push = request.push.bind(request);
  request.push = (chunk: Buffer | null) => {
    bytes += chunk?.length ?? 0;
    if (chunk === null || bytes <= maxBytes) return push(chunk);
    oversized.add(request);
    return true;
  };
}

/** The result is looked at, not that it throws alone: a bundler leaves out what nobody has the result of. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** The body as it came. Refuses one over 64 KiB (413). */
export function bodyOf(request: Request): Buffer {
  if (oversized.has(request)) throw new Problem('body-too-large', { maxBytes: MAX_BODY_BYTES });
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/** The body as JSON. Refuses one over 64 KiB (413) and one that is not JSON (400), in words of the language. */
export function jsonBody({ request, language }: { request: Request; language: Locale }): unknown {
  const bytes = bodyOf(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), refuseHalfCharacters);
  } catch (error) {
    throw new Problem('malformed-json', {
      errors: [{ path: '', message: NOT_JSON[language]((error as Error).message) }],
    });
  }
}

/** JSON can escape half a surrogate pair, which is no text: no database would give it back. */
function refuseHalfCharacters(key: string, value: unknown): unknown {
  if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new SyntaxError('the JSON has a text with half a character in it');
}
