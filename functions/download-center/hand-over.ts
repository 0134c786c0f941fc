import { HandOver } from '../../shared/api/schemas.ts';
import { validateOrThrow } from '../../shared/http/faults.ts';
import { bodyOf } from '../../shared/http/json-body.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Call } from '../../shared/http/router.ts';
import { type Session, setSessionCookie } from '../../shared/http/session.ts';

export interface HandOverRules {
  verify: (authorization: string | undefined) => Promise<Session>;
  /** The origins whose pages may hand over a session. */
  portalOrigins: readonly string[];
}

/**
 * Takes a person's token from a form of the admin portal, stores it in the session cookie, and redirects the browser to
 * the page. Only portals may do this: a form on another site could sign a person in to the attacker's session.
 */
export async function handOverSession(
  { verify, portalOrigins }: HandOverRules,
  { request, response, language }: Call,
): Promise<void> {
  if (!portalOrigins.includes(request.get('origin') ?? '')) throw new Problem('cross-site');
  const fields = new URLSearchParams(bodyOf(request).toString());
  const { token, to } = validateOrThrow(HandOver, Object.fromEntries(fields), language);
  const { expiresAt } = await verify(`Bearer ${token}`);
  setSessionCookie(response, token, expiresAt);
  response.set('Cache-Control', 'no-store').redirect(303, to);
}
