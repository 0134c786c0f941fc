import {
  base64url,
  createRemoteJWKSet,
  errors,
  type JWTClaimVerificationOptions,
  type JWTPayload,
  jwtVerify,
  UnsecuredJWT,
} from 'jose';
import type { Person } from '../domain/rights.ts';
import { Problem } from './problem.ts';

export interface TokenRules {
  jwksUrl: string;
  issuer: string;
  audience: string;
  /** Whether the platform lets nobody through whose token it has not verified; it takes out the signature of one that it has. Default: no. */
  verifiedByPlatform?: boolean;
}

/** Which claim holds what. */
export interface ClaimNames {
  admin: string;
  department: string;
  roles: string;
  source: string;
}

/** Asymmetric ones alone: `none`, or an HMAC with the public key as its secret, is never taken for a signature. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** In the place of a signature that Cloud Run found good. https://cloud.google.com/run/docs/troubleshooting#signature-removed */
const REMOVED_SIGNATURE = '.SIGNATURE_REMOVED_BY_GOOGLE';

const UNSECURED = base64url.encode(JSON.stringify({ alg: 'none' }));

const KEYS_UNAVAILABLE = new Set([errors.JWKSTimeout.code, errors.JOSEError.code]);

/** A verifier of bearer tokens by the issuer's keys, which are fetched once and again when a new one appears. Resolves to the claims, or throws a 401 Problem. */
export function bearerVerifier({
  jwksUrl,
  issuer,
  audience,
  verifiedByPlatform = false,
}: TokenRules): (authorization: string | undefined) => Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  return async (authorization) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new Problem('no-token');
    try {
      const rules = { issuer, audience, requiredClaims: ['exp'] };
      if (verifiedByPlatform && token.endsWith(REMOVED_SIGNATURE)) return claimsOf(token, rules);
      return (await jwtVerify(token, keys, { ...rules, algorithms: ALGORITHMS })).payload;
    } catch (error) {
      // That the issuer's keys cannot be fetched is not the token's fault.
      if (!(error instanceof errors.JOSEError) || KEYS_UNAVAILABLE.has(error.code)) throw error;
      throw new Problem('bad-token', { reason: error.code });
    }
  };
}

/** The claims of a token without a signature, held against the rules all the same. */
function claimsOf(token: string, rules: JWTClaimVerificationOptions): JWTPayload {
  return UnsecuredJWT.decode(`${UNSECURED}.${token.split('.')[1]}.`, rules).payload;
}

/** The person whom a token's claims name; throws a 401 Problem if they do not. */
export function personOf(claims: JWTPayload, names: ClaimNames): Person {
  const roles = claims[names.roles] ?? [];
  return {
    // Lock owners are written source/admin: without a slash in the admin's id, no two read alike.
    adminId: textClaim(claims, names.admin, /^[^/]{1,255}$/),
    departmentId: textClaim(claims, names.department, /^.{1,255}$/),
    roles: (Array.isArray(roles) ? roles : [roles]).map(String),
    source: textClaim(claims, names.source, /^.{1,64}$/),
  };
}

function textClaim(claims: JWTPayload, name: string, form: RegExp): string {
  const value = claims[name];
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (form.test(text)) return text;
  throw new Problem('bad-claim', { claim: name, form: form.source });
}
