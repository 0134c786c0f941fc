import type { JWTPayload } from 'jose';
import { bearerVerifier, type Caller, callerOf } from './authenticate.ts';

type Verify<T> = (authorization: string | undefined) => Promise<T>;

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
): Verify<Caller> {
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
  return async (authorization) => callerOf(await verify(authorization), names);
}

/** Verifies the OIDC tokens of Google's services, by the variables of the group `internalCalls`. */
export function serviceVerifier(
  config: Record<'INTERNAL_JWKS_URL' | 'INTERNAL_ISSUER' | 'INTERNAL_AUDIENCE', string>,
): Verify<JWTPayload> {
  return bearerVerifier({
    jwksUrl: config.INTERNAL_JWKS_URL,
    issuer: config.INTERNAL_ISSUER,
    audience: config.INTERNAL_AUDIENCE,
  });
}
