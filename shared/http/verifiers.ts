import { bearerVerifier, personOf } from './authenticate.ts';
import { Problem } from './problem.ts';
import type { Session } from './session.ts';

/** Returns a verifier of people's tokens, configured by the variable group `people`. */
export function personVerifier(
  config: Record<
    | 'AUTH_JWKS_URL'
    | 'AUTH_ISSUER'
    | 'AUTH_AUDIENCE'
    | 'AUTH_CLAIM_ADMIN'
    | 'AUTH_CLAIM_DEPARTMENT'
    | 'AUTH_CLAIM_ROLES'
    | 'AUTH_CLAIM_SOURCE',
    string
  >,
): (authorization: string | undefined) => Promise<Session> {
  const verify = bearerVerifier({
    jwksUrl: config.AUTH_JWKS_URL,
    issuer: config.AUTH_ISSUER,
    audience: config.AUTH_AUDIENCE,
  });
  const names = {
    admin: config.AUTH_CLAIM_ADMIN,
    department: config.AUTH_CLAIM_DEPARTMENT,
    roles: config.AUTH_CLAIM_ROLES,
    source: config.AUTH_CLAIM_SOURCE,
  };
  return async (authorization) => {
    const claims = await verify(authorization);
    // The verifier rejects tokens without an expiry.
    return { ...personOf(claims, names), expiresAt: new Date(Number(claims.exp) * 1000) };
  };
}

/**
 * Returns a verifier of the OIDC tokens of Google's services, configured by the variable group `internalCalls`. It
 * accepts only the invoker's tokens.
 */
export function invokerVerifier(
  config: Record<'INTERNAL_JWKS_URL' | 'INTERNAL_ISSUER' | 'INTERNAL_AUDIENCE' | 'INVOKER_SERVICE_ACCOUNT', string> & {
    INTERNAL_TOKENS_VERIFIED_BY: 'function' | 'platform';
  },
): (authorization: string | undefined) => Promise<void> {
  const verify = bearerVerifier({
    jwksUrl: config.INTERNAL_JWKS_URL,
    issuer: config.INTERNAL_ISSUER,
    audience: config.INTERNAL_AUDIENCE,
    verifiedByPlatform: config.INTERNAL_TOKENS_VERIFIED_BY === 'platform',
  });
  return async (authorization) => {
    const { email, email_verified: verified } = await verify(authorization);
    if (email !== config.INVOKER_SERVICE_ACCOUNT || verified !== true) throw new Problem('wrong-account');
  };
}
