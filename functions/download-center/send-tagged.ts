import { createHash } from 'node:crypto';
import type { Call } from '../../shared/http/router.ts';

/** Answers with JSON under an ETag of its content, or 304 to whoever has it. */
export function sendTagged({ request, response }: Pick<Call, 'request' | 'response'>, value: unknown): void {
  const body = JSON.stringify(value);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
  // Not by Express's `fresh`: a client of fetch that says If-None-Match says no-cache as well.
  if (hasTag(request.get('If-None-Match'), etag)) response.status(304).end();
  else response.type('application/json').send(body);
}

function hasTag(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}
