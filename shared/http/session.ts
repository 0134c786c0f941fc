import type { Request, Response } from '@google-cloud/functions-framework';
import type { Person } from '../domain/rights.ts';
import { Problem } from './problem.ts';

/** A person, and when their token expires. */
export interface Session extends Person {
  expiresAt: Date;
}

/** Resolves to the sender of a request; throws a 401 Problem if the sender is not authenticated. */
export type Authenticate = (request: Request) => Promise<Session>;

/**
 * The cookie that holds the person's token. `__Host-` and these attributes restrict it to this exact origin: no script
 * can read it, no subdomain can set it, and no page of another site can cause it to be sent.
 */
const COOKIE = '__Host-session';
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Returns an authenticator that uses the bearer token of a request, or else its session cookie. `verify` receives the
 * value of an Authorization header. The 401 Problem contains the sign-in URL, if there is one.
 */
export function sessionAuthenticator(
  verify: (authorization: string | undefined) => Promise<Session>,
  signInUrl: string | undefined,
): Authenticate {
  return async (request) => {
    const authorization = request.get('authorization');
    const token = authorization === undefined ? sessionToken(request) : undefined;
    if (token !== undefined) refuseCrossSite(request);
    try {
      return await verify(token === undefined ? authorization : `Bearer ${token}`);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401 || signInUrl === undefined) throw error;
      throw new Problem(error.code, { ...error.members, signInUrl });
    }
  };
}

/**
 * Throws a 403 Problem if a request that changes something does not come from a page of this origin, or if no header
 * says where it comes from. Browsers that do not support SameSite send the cookie with requests from any page.
 */
export function refuseCrossSite(request: Request): void {
  if (SAFE_METHODS.includes(request.method)) return;
  const site = request.get('sec-fetch-site');
  const isOwn = site === undefined ? isOwnOrigin(request) : site === 'same-origin';
  if (!isOwn) throw new Problem('cross-site');
}

export function setSessionCookie(response: Response, token: string, expiresAt: Date): void {
  response.cookie(COOKIE, token, { ...ATTRIBUTES, maxAge: expiresAt.getTime() - Date.now() });
}

export function clearSessionCookie(response: Response): void {
  response.clearCookie(COOKIE, ATTRIBUTES);
}

/**
 * Returns the session cookie's value. It needs no decoding: a token contains no character that a cookie may not
 * contain.
 */
function sessionToken(request: Request): string | undefined {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

function isOwnOrigin(request: Request): boolean {
  const host = URL.parse(request.get('origin') ?? '')?.host;
  return host !== undefined && host === request.get('host');
}
