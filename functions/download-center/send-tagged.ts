import { createHash } from 'node:crypto';
import type { Call } from '../../shared/http/router.ts';

/** Answers with JSON and an ETag of its content, or with 304 if the client has that content already. */
export function sendTagged({ request, response }: Pick<Call, 'request' | 'response'>, value: unknown): void {
  const body = JSON.stringify(value);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
  // Does not use Express's `fresh`: a fetch client that sends If-None-Match also sends no-cache.
  if (hasTag(request.get('If-None-Match'), etag)) response.status(304).end();
  else response.type('application/json').send(body);
}

function hasTag(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}
