import type { JWTPayload } from 'jose';
import { bearerVerifier, personOf } from './authenticate.ts';
import type { Session } from './session.ts';

/** Verifies people's tokens, by the variables of the group `people`. */
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
    // The verifier takes no token without an end.
    return { ...personOf(claims, names), expiresAt: new Date(Number(claims.exp) * 1000) };
  };
}

/** Verifies the OIDC tokens of Google's services, by the variables of the group `internalCalls`. */
export function serviceVerifier(
  config: Record<'INTERNAL_JWKS_URL' | 'INTERNAL_ISSUER' | 'INTERNAL_AUDIENCE', string> & {
    INTERNAL_TOKENS_VERIFIED_BY: 'function' | 'platform';
  },
): (authorization: string | undefined) => Promise<JWTPayload> {
  return bearerVerifier({
    jwksUrl: config.INTERNAL_JWKS_URL,
    issuer: config.INTERNAL_ISSUER,
    audience: config.INTERNAL_AUDIENCE,
    verifiedByPlatform: config.INTERNAL_TOKENS_VERIFIED_BY === 'platform',
  });
}
