import type { Request, Response } from '@google-cloud/functions-framework';
import { Problem } from '../../shared/http/problem.ts';
import { MAX_TOKEN_BYTES, type Session, setSessionCookie } from '../../shared/http/session.ts';

export interface HandOver {
  verify: (authorization: string | undefined) => Promise<Session>;
  /** Whose pages may hand a session over. */
  portalOrigins: readonly string[];
}

/**
 * Takes a person's token from a form of the admin portal, keeps it in the session cookie, and sends the browser on to the page. Only portals may: another's form could put
 * somebody into the attacker's own session.
 */
export async function handOverSession(
  { verify, portalOrigins }: HandOver,
  request: Request,
  response: Response,
): Promise<void> {
  if (!portalOrigins.includes(request.get('origin') ?? '')) throw new Problem('cross-site');
  const body: unknown = request.body;
  const form = new URLSearchParams(Buffer.isBuffer(body) ? body.toString() : '');
  const token = form.get('token') ?? '';
  const to = form.get('to') ?? '/';
  const errors = [
    ...(token.length > MAX_TOKEN_BYTES ? [{ path: 'token', message: `over ${MAX_TOKEN_BYTES} bytes` }] : []),
    ...(isLocalPath(to) ? [] : [{ path: 'to', message: 'not a path of this origin' }]),
  ];
  if (errors.length > 0) throw new Problem('invalid-request', { errors });
  const { expiresAt } = await verify(`Bearer ${token}`);
  setSessionCookie(response, token, expiresAt);
  response.set('Cache-Control', 'no-store').redirect(303, to);
}

/** Browsers read `//host`, `/\host` and `/<tab>/host` as another host's. */
function isLocalPath(path: string): boolean {
  return /^\/(?!\/)[^\\\s\p{Cc}]*$/u.test(path);
}
