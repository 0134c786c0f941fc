import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Request } from '@google-cloud/functions-framework';
import type { Locale } from '../domain/record.ts';
import { Problem } from './problem.ts';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Body limit of a call with an event: it contains a record, whose conditions came in a body, and Pub/Sub sends it in
 * base64.
 */
export const MAX_EVENT_BYTES = 1024 * 1024;

const REQUEST_START = 'http.server.request.start';

/** Describes why a body is not JSON, quoting the parser's message. */
const NOT_JSON: Record<Locale, (reason: string) => string> = {
  en: (reason) => reason,
  'zh-TW': (reason) => `JSON 解析失敗（${reason}）`,
  'zh-CN': (reason) => `JSON 解析失败（${reason}）`,
};

/** Requests whose bodies exceeded the limit and were not kept. */
const oversized = new WeakSet<IncomingMessage>();

/**
 * Makes the Functions Framework pass bodies on as bytes, at most `maxBytes` of them. Otherwise, before any function
 * runs and checks the sender, the framework would read up to a gigabyte into memory and parse it if it is JSON. It
 * would also answer a malformed body, or a path with malformed escapes, with an HTML page and log a stack trace. The
 * start of the request is the only moment before that. Applies to every server of the process, until the returned
 * function is called.
 */
export function takeBodiesRaw(maxBytes = MAX_BODY_BYTES): () => void {
  const makeRaw = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    request.headers['content-type'] = 'application/octet-stream';
    // The framework also decompresses bodies: a few kilobytes could fill all the memory.
    delete request.headers['content-encoding'];
    limitBody(request, maxBytes);
    const { url = '' } = request;
    if (decoded(url.split('?')[0] as string) === undefined) request.url = encodeURI(url);
  };
  subscribe(REQUEST_START, makeRaw);
  return () => unsubscribe(REQUEST_START, makeRaw);
}

/**
 * Drops a body over the limit, or cuts it off there, so that the request is handled like any other. What was kept of
 * the body is not used.
 */
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

/**
 * Returns the decoded path, or undefined if its escapes are malformed. Callers use the result, not only the fact that
 * decoding throws, because a bundler removes a call whose result is unused.
 */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** Returns the body unchanged. Throws a 413 Problem if it is over 64 KiB. */
export function bodyOf(request: Request): Buffer {
  if (oversized.has(request)) throw new Problem('body-too-large', { maxBytes: MAX_BODY_BYTES });
  const body: unknown = request.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

/**
 * Parses the body as JSON. Throws a 413 Problem if it is over 64 KiB, and a 400 Problem, with messages in the caller's
 * language, if it is not JSON.
 */
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

/**
 * Rejects half a surrogate pair. JSON can contain one as an escape, but it is not text: no database would return it.
 */
function refuseHalfCharacters(key: string, value: unknown): unknown {
  if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new SyntaxError('the JSON has a text with half a character in it');
}
