import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Request } from '@google-cloud/functions-framework';
import type { Locale } from '../domain/record.ts';
import { Problem } from './problem.ts';

const MAX_BODY_BYTES = 64 * 1024;

const REQUEST_START = 'http.server.request.start';

/** What is wrong with a body that is not JSON; the parser's own words are quoted. */
const NOT_JSON: Record<Locale, (reason: string) => string> = {
  en: (reason) => reason,
  'zh-TW': (reason) => `JSON 解析失敗（${reason}）`,
  'zh-CN': (reason) => `JSON 解析失败（${reason}）`,
};

/**
 * Makes the Functions Framework hand over bodies as bytes. It parses JSON itself otherwise, before any function runs, and answers a malformed body, or a path with
 * malformed escapes, with an HTML page and a stack in the log; the request's start is the one moment before that. It holds for every server of the process, until
 * what is returned is called.
 */
export function takeBodiesRaw(): () => void {
  const makeRaw = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    request.headers['content-type'] = 'application/octet-stream';
    // It unpacks bodies, too, up to a gigabyte: a few kilobytes could take all the memory there is.
    delete request.headers['content-encoding'];
    const { url = '' } = request;
    if (decoded(url.split('?')[0] as string) === undefined) request.url = encodeURI(url);
  };
  subscribe(REQUEST_START, makeRaw);
  return () => unsubscribe(REQUEST_START, makeRaw);
}

/** The result is looked at, not that it throws alone: a bundler leaves out what nobody has the result of. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

/** The body as JSON. Refuses a body over 64 KiB (413) and one that is not JSON (400), in words of the language. */
export function jsonBody({ request, language }: { request: Request; language: Locale }): unknown {
  const body: unknown = request.body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (bytes.length > MAX_BODY_BYTES) {
    throw new Problem('body-too-large', { maxBytes: MAX_BODY_BYTES });
  }
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
