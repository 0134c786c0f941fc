import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Issuer, startIssuer } from '../../infra/local-cloud/issuer.ts';
import { withoutSignature } from '../../infra/local-system/caller-check.ts';
import { invokerVerifier } from './verifiers.ts';

const INVOKER = 'invoker@demo.iam.gserviceaccount.com';
const AUDIENCE = 'https://aggregate.example.com';
const genuine = { email: INVOKER, email_verified: true };

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer({ projectId: 'demo' });
});
afterAll(() => issuer.close());

const mint = (claims: object) => issuer.mintToken({ ...claims }, { audience: AUDIENCE });

describe.each(['function', 'platform'] as const)('where the %s verifies the invoker’s tokens', (by) => {
  const verify = (token: string) =>
    invokerVerifier({
      INTERNAL_JWKS_URL: issuer.jwksUrl,
      INTERNAL_ISSUER: issuer.url,
      INTERNAL_AUDIENCE: AUDIENCE,
      INTERNAL_TOKENS_VERIFIED_BY: by,
      INVOKER_SERVICE_ACCOUNT: INVOKER,
    })(`Bearer ${by === 'platform' ? withoutSignature(token) : token}`);

  it('they are taken', async () => {
    await expect(verify(await mint(genuine))).resolves.toBeUndefined();
  });

  it.each([
    ['of another service account', { ...genuine, email: 'other@demo.iam.gserviceaccount.com' }],
    ['of an account whose address is not verified', { ...genuine, email_verified: false }],
    ['of an account whose address is verified in words', { ...genuine, email_verified: 'true' }],
    ['of nobody', {}],
  ])('those %s are not', async (_, claims) => {
    await expect(verify(await mint(claims))).rejects.toMatchObject({ status: 401, code: 'wrong-account' });
  });
});
