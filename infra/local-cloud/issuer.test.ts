import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type Issuer, startIssuer, tokenMinter } from './issuer.ts';

describe('the local issuer', () => {
  let issuer: Issuer;
  beforeAll(async () => {
    issuer = await startIssuer({ projectId: 'local' });
  });
  afterAll(() => issuer.close());

  const verify = async (token: string, audience: string) => {
    const jwks = createRemoteJWKSet(new URL(issuer.jwksUrl));
    return jwtVerify(token, jwks, { issuer: issuer.url, audience, algorithms: ['RS256'] });
  };

  it('publishes a configuration that refers to its keys', async () => {
    const response = await fetch(`${issuer.url}/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({ issuer: issuer.url, jwks_uri: issuer.jwksUrl });
  });

  it('mints tokens that its published keys verify', async () => {
    const token = await issuer.mintToken({ sub: 'admin-7', department: 3 }, { audience: 'portal' });
    const { payload } = await verify(token, 'portal');
    expect(payload).toMatchObject({ sub: 'admin-7', department: 3, iss: issuer.url });
  });

  it('mints identity tokens with the claims of a service account', async () => {
    const token = await issuer.mintIdentityToken('pusher@local.iam.gserviceaccount.com', 'http://endpoint/');
    const { payload } = await verify(token, 'http://endpoint/');
    expect(payload).toMatchObject({ email: 'pusher@local.iam.gserviceaccount.com', email_verified: true });
    expect(payload.exp).toBe((payload.iat ?? 0) + 3600);
  });

  it('mints tokens that verification rejects: for another audience, or expired', async () => {
    const other = await issuer.mintToken({}, { audience: 'elsewhere' });
    await expect(verify(other, 'portal')).rejects.toThrow('"aud"');
    const expired = await issuer.mintToken({}, { audience: 'portal', expiresIn: -1 });
    await expect(verify(expired, 'portal')).rejects.toThrow('"exp"');
  });

  it('allows the holder of the key file to mint its tokens', async () => {
    const mintToken = tokenMinter(issuer.url, issuer.serviceAccountKey.private_key);
    const { payload } = await verify(await mintToken({ sub: 'x' }, { audience: 'portal' }), 'portal');
    expect(payload.sub).toBe('x');
  });
});
