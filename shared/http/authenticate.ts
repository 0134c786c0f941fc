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
  /**
   * Whether the platform rejects every token that it has not verified. It removes the signature of a token that it has
   * verified. Default: no.
   */
  verifiedByPlatform?: boolean;
}

/** The name of the claim for each property of a person. */
export interface ClaimNames {
  admin: string;
  department: string;
  roles: string;
  source: string;
}

/**
 * Asymmetric algorithms only: `none`, or an HMAC with the public key as its secret, is never accepted as a signature.
 */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/**
 * Replaces a signature that Cloud Run has verified. https://cloud.google.com/run/docs/troubleshooting#signature-removed
 */
const REMOVED_SIGNATURE = '.SIGNATURE_REMOVED_BY_GOOGLE';

const UNSECURED = base64url.encode(JSON.stringify({ alg: 'none' }));

const KEYS_UNAVAILABLE = new Set([errors.JWKSTimeout.code, errors.JOSEError.code]);

/**
 * Returns a verifier of bearer tokens that uses the issuer's keys, which are fetched once and again when a new key
 * appears. The verifier resolves to the claims, or throws a 401 Problem.
 */
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
      // A failure to fetch the issuer's keys is not the token's fault.
      if (!(error instanceof errors.JOSEError) || KEYS_UNAVAILABLE.has(error.code)) throw error;
      throw new Problem('bad-token', { reason: error.code });
    }
  };
}

/** Returns the claims of a token without a signature, after checking them against the same rules. */
function claimsOf(token: string, rules: JWTClaimVerificationOptions): JWTPayload {
  return UnsecuredJWT.decode(`${UNSECURED}.${token.split('.')[1]}.`, rules).payload;
}

/** Returns the person that a token's claims identify; throws a 401 Problem if they do not identify one. */
export function personOf(claims: JWTPayload, names: ClaimNames): Person {
  const roles = claims[names.roles] ?? [];
  return {
    // Lock owners are written source/admin: without a slash in the admin's id, no two lock owners are the same text.
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
