import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Request } from '@google-cloud/functions-framework';
import { Problem } from './problem.ts';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Makes the Functions Framework hand over bodies as bytes. It parses JSON itself otherwise, before any function runs, and answers a malformed body with
 * an HTML page; the request's start is the one moment before that.
 */
export function takeBodiesRaw(): void {
  subscribe('http.server.request.start', (message) => {
    const { headers } = (message as { request: IncomingMessage }).request;
    headers['content-type'] = 'application/octet-stream';
    // It unpacks bodies, too, up to a gigabyte: a few kilobytes could take all the memory there is.
    delete headers['content-encoding'];
  });
}

/** The body as JSON. Refuses a body over 64 KiB (413) and one that is not JSON (400). */
export function jsonBody(request: Request): unknown {
  const body: unknown = request.body;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (bytes.length > MAX_BODY_BYTES) {
    throw new Problem(413, 'body-too-large', `the body is over ${MAX_BODY_BYTES} bytes`);
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Problem(400, 'malformed-json', 'the body is not JSON', {
      errors: [{ path: '', message: error instanceof Error ? error.message : String(error) }],
    });
  }
}
