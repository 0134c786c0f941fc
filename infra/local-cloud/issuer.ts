import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { startHttpServer } from './http-server.ts';

/** Signs a JWT (RS256). `expiresIn` is in seconds, 3600 by default; a negative value gives an expired token. */
export type MintToken = (claims: JWTPayload, options: { audience: string; expiresIn?: number }) => Promise<string>;

/** The fields of a Google service account key file that the official clients read. */
export interface ServiceAccountKey {
  type: 'service_account';
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  client_id: string;
  token_uri: string;
}

/**
 * A local OpenID Connect issuer.
 *
 * Serves `/.well-known/openid-configuration` and `/jwks`, and mints in-process what would come from an identity
 * provider (users' tokens) and from Google (the identity tokens that Pub/Sub and Cloud Tasks send along). There is no
 * token or authorization endpoint. One RSA key, made at start, is the issuer's signing key and the service account's:
 * so the key file alone lets another process mint tokens (`tokenMinter`), and the Cloud Storage client sign URLs.
 */
export interface Issuer {
  /** The `iss` claim, and the base URL of the two documents. */
  readonly url: string;
  readonly port: number;
  readonly jwksUrl: string;
  readonly serviceAccountKey: ServiceAccountKey;
  /** Verifies signatures of the service account. */
  readonly publicKey: KeyObject;
  mintToken: MintToken;
  /** Mints an identity token with a service account's claims, as Google does: email, email_verified, azp, sub. */
  mintIdentityToken(email: string, audience: string): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer({ projectId }: { projectId: string }): Promise<Issuer> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId(publicKey), alg: 'RS256', use: 'sig' };

  const documents: Record<string, unknown> = { '/jwks': { keys: [jwk] } };
  const server = await startHttpServer((request, response) => {
    const document = documents[request.url ?? ''];
    response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document ?? { error: 'not found' }));
  });
  const jwksUrl = `${server.url}/jwks`;
  documents['/.well-known/openid-configuration'] = {
    issuer: server.url,
    jwks_uri: jwksUrl,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };

  const mintToken = tokenMinter(server.url, privateKeyPem);
  return {
    url: server.url,
    port: server.port,
    jwksUrl,
    serviceAccountKey: {
      type: 'service_account',
      project_id: projectId,
      private_key_id: keyId(publicKey),
      private_key: privateKeyPem,
      client_email: `local-cloud@${projectId}.iam.gserviceaccount.com`,
      client_id: '100000000000000000001',
      token_uri: 'https://oauth2.googleapis.com/token',
    },
    publicKey,
    mintToken,
    mintIdentityToken: (email, audience) =>
      mintToken({ azp: email, email, email_verified: true, sub: email }, { audience }),
    close: server.close,
  };
}

/**
 * Mints tokens of the issuer at `issuerUrl` by a copy of its key, the `private_key` of the service account key file.
 */
export function tokenMinter(issuerUrl: string, privateKeyPem: string): MintToken {
  const key = importPKCS8(privateKeyPem, 'RS256');
  const kid = keyId(createPublicKey(privateKeyPem));
  return async (claims, { audience, expiresIn = 3600 }) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ ...claims, iss: issuerUrl, aud: audience, iat: now, exp: now + expiresIn })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .sign(await key);
  };
}

/** Forty hexadecimal digits, like Google's key ids. */
function keyId(publicKey: KeyObject): string {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
