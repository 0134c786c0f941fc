import { jwtVerify } from 'jose';
import type { Issuer } from '../local-cloud/issuer.ts';

/**
 * Checks callers as Cloud Run does in front of a service that one account alone may invoke: takes that account's ID tokens for the
 * service's URL and no others. Resolves to the Authorization header that the service gets, in which the signature is replaced
 * (https://cloud.google.com/run/docs/troubleshooting#signature-removed), or to undefined if the call is refused.
 */
export function callerCheck({ url: issuer, publicKey }: Pick<Issuer, 'url' | 'publicKey'>, account: string) {
  return async (authorization: string | undefined, audience: string): Promise<string | undefined> => {
    const token = authorization?.replace(/^Bearer /i, '') ?? '';
    try {
      const { payload } = await jwtVerify(token, publicKey, { issuer, audience });
      return payload.email === account ? `Bearer ${withoutSignature(token)}` : undefined;
    } catch {
      return undefined;
    }
  };
}

/** The token as Cloud Run passes it on. */
export const withoutSignature = (token: string) => token.replace(/\.[^.]*$/, '.SIGNATURE_REMOVED_BY_GOOGLE');
