import type { Request, Response } from '@google-cloud/functions-framework';
import type { Person } from '../domain/rights.ts';
import { Problem } from './problem.ts';

/** A person, until when their token says so. */
export interface Session extends Person {
  expiresAt: Date;
}

/** Who sends a request; throws a 401 Problem if nobody known does. */
export type Authenticate = (request: Request) => Promise<Session>;

/**
 * Holds the person's token. `__Host-` and these attributes keep it to this very origin: no script reads it, no subdomain sets it, no page of another site has it
 * sent along.
 */
const COOKIE = '__Host-session';
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Takes the bearer token of a request, or else its session cookie. `verify` gets what an Authorization header would hold. Whoever is not authenticated is told where
 * to sign in, if anywhere.
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
 * A browser sends the cookie whoever's page asks it to, on browsers that do not know SameSite: what changes something must come from a page of this origin. Throws a 403 Problem if
 * it does not, or if nothing says so.
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

/** The cookie's value needs no decoding: a token has no character that a cookie may not hold. */
function sessionToken(request: Request): string | undefined {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
}

function isOwnOrigin(request: Request): boolean {
  const host = URL.parse(request.get('origin') ?? '')?.host;
  return host !== undefined && host === request.get('host');
}
