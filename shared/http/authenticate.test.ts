import { createHmac, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { startHttpServer } from '../../infra/local-cloud/http-server.ts';
import { type Issuer, startIssuer } from '../../infra/local-cloud/issuer.ts';
import { withoutSignature } from '../../infra/local-system/caller-check.ts';
import { bearerVerifier, personOf } from './authenticate.ts';

const AUDIENCE = 'report-download-center';
const CLAIMS = { sub: '7' };

let issuer: Issuer;
let verify: ReturnType<typeof bearerVerifier>;

beforeAll(async () => {
  issuer = await startIssuer({ projectId: 'demo' });
  verify = bearerVerifier({ jwksUrl: issuer.jwksUrl, issuer: issuer.url, audience: AUDIENCE });
});
afterAll(() => issuer.close());

const now = () => Math.floor(Date.now() / 1000);
const genuine = (claims: JWTPayload = CLAIMS) => issuer.mintToken(claims, { audience: AUDIENCE });
const complete = () => ({ ...CLAIMS, iss: issuer.url, aud: AUDIENCE, exp: now() + 60 });
const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString());

describe('a bearer token', () => {
  it('of the issuer gives its claims', async () => {
    expect(await verify(`Bearer ${await genuine()}`)).toMatchObject({ sub: '7', aud: AUDIENCE });
    expect(await verify(`bearer ${await genuine()}`)).toMatchObject({ sub: '7' });
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b'])('is required: %p', async (authorization) => {
    await expect(verify(authorization)).rejects.toMatchObject({ status: 401, code: 'no-token' });
  });

  const forged: [name: string, make: () => string | Promise<string>][] = [
    ['that is no JWT', () => 'abc'],
    ['with three parts of nothing', () => 'a.b.c'],
    ['for another audience', () => issuer.mintToken(CLAIMS, { audience: 'another' })],
    ['that has expired', () => issuer.mintToken(CLAIMS, { audience: AUDIENCE, expiresIn: -60 })],
    ['of another issuer with the same key', () => sign({ ...complete(), iss: 'https://other.example' })],
    ['that never expires', () => sign({ ...CLAIMS, iss: issuer.url, aud: AUDIENCE })],
    ['that is not valid yet', () => sign({ ...complete(), nbf: now() + 600 })],
    ['with other claims under the signature', async () => withClaims(await genuine(), { sub: '8' })],
    ['signed with another key', async () => sign(complete(), otherKey())],
    ['signed with a key that the issuer does not name', async () => sign(complete(), otherKey(), 'unknown')],
    ['with alg none', () => new UnsecuredJWT(complete()).encode()],
    ['with alg none and the genuine signature', async () => withHeader(await genuine(), { alg: 'none' })],
    ['signed by HS256 with the public key as the secret', () => signWithPublicKey()],
  ];

  it.each(forged)('%s is not accepted', async (_, make) => {
    await expect(verify(`Bearer ${await make()}`)).rejects.toMatchObject({ status: 401, code: 'bad-token' });
  });

  describe('whose signature the platform has taken out', () => {
    const passedOn = (token: string) => `Bearer ${withoutSignature(token)}`;
    const behindPlatform = () =>
      bearerVerifier({ jwksUrl: issuer.jwksUrl, issuer: issuer.url, audience: AUDIENCE, verifiedByPlatform: true });

    it('gives its claims, where the platform verifies tokens', async () => {
      expect(await behindPlatform()(passedOn(await genuine()))).toMatchObject({ sub: '7', aud: AUDIENCE });
    });

    it('is not accepted anywhere else', async () => {
      await expect(verify(passedOn(await genuine()))).rejects.toMatchObject({ status: 401, code: 'bad-token' });
    });

    it.each<[name: string, make: () => string | Promise<string>]>([
      ['that is no JWT', () => 'abc.def'],
      ['for another audience', () => issuer.mintToken(CLAIMS, { audience: 'another' })],
      ['that has expired', () => issuer.mintToken(CLAIMS, { audience: AUDIENCE, expiresIn: -60 })],
      ['of another issuer', () => sign({ ...complete(), iss: 'https://other.example' })],
      ['that never expires', () => sign({ ...CLAIMS, iss: issuer.url, aud: AUDIENCE })],
      ['that is not valid yet', () => sign({ ...complete(), nbf: now() + 600 })],
    ])('%s is not accepted there either', async (_, make) => {
      await expect(behindPlatform()(passedOn(await make()))).rejects.toMatchObject({ status: 401, code: 'bad-token' });
    });

    it.each(forged)('%s is not accepted there with another signature', async (_, make) => {
      await expect(behindPlatform()(`Bearer ${await make()}`)).rejects.toMatchObject({
        status: 401,
        code: 'bad-token',
      });
    });
  });

  it('is not accepted by an algorithm that is not named here, though its key could be used by it', async () => {
    const known = (await (await fetch(issuer.jwksUrl)).json()) as { keys: { alg: string }[] };
    const keys = known.keys.map(({ alg, ...key }) => key);
    const open = await startHttpServer((_request, response) => response.end(JSON.stringify({ keys })));
    try {
      const verifyThere = bearerVerifier({ jwksUrl: open.url, issuer: issuer.url, audience: AUDIENCE });
      expect(await verifyThere(`Bearer ${await sign(complete())}`)).toMatchObject({ sub: '7' });
      const other = `Bearer ${await sign(complete(), undefined, undefined, 'RS512')}`;
      await expect(verifyThere(other)).rejects.toMatchObject({ status: 401, code: 'bad-token' });
    } finally {
      await open.close();
    }
  });

  it('is not called bad when the issuer’s keys cannot be fetched', async () => {
    const broken = await startHttpServer((_request, response) => response.writeHead(500).end());
    const verifyThere = bearerVerifier({ jwksUrl: `${broken.url}/jwks`, issuer: issuer.url, audience: AUDIENCE });
    const token = await genuine();
    await expect(verifyThere(`Bearer ${token}`)).rejects.not.toHaveProperty('status');
    await broken.close();
    await expect(verifyThere(`Bearer ${token}`)).rejects.not.toHaveProperty('status');
  });

  const otherKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

  async function sign(
    claims: JWTPayload,
    key?: ReturnType<typeof otherKey>,
    kid?: string,
    alg?: string,
  ): Promise<string> {
    const header = { ...headerOf(await genuine()), ...(kid === undefined ? {} : { kid }), ...(alg ? { alg } : {}) };
    return new SignJWT(claims)
      .setProtectedHeader(header)
      .sign(key ?? createPrivateKey(issuer.serviceAccountKey.private_key));
  }

  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  function withClaims(token: string, changes: JWTPayload): string {
    const [header, , signature] = token.split('.');
    return [header, encode({ ...complete(), ...changes }), signature].join('.');
  }

  function withHeader(token: string, changes: object): string {
    return [encode({ ...headerOf(token), ...changes }), ...token.split('.').slice(1)].join('.');
  }

  async function signWithPublicKey(): Promise<string> {
    const secret = issuer.publicKey.export({ type: 'spki', format: 'pem' });
    const signed = `${encode({ ...headerOf(await genuine()), alg: 'HS256' })}.${encode(complete())}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }
});

describe('the caller', () => {
  const names = { admin: 'sub', department: 'department', roles: 'roles', source: 'azp' };
  const claims = { sub: '7', department: '3', roles: ['finance', 'risk'], azp: 'admin-portal' };

  it('is whom the configured claims name', () => {
    const caller = { adminId: '7', departmentId: '3', roles: ['finance', 'risk'], source: 'admin-portal' };
    expect(personOf(claims, names)).toEqual(caller);
    const renamed = { uid: 7, dep: 3, groups: 'finance', client: 'p' };
    expect(personOf(renamed, { admin: 'uid', department: 'dep', roles: 'groups', source: 'client' })).toEqual({
      adminId: '7',
      departmentId: '3',
      roles: ['finance'],
      source: 'p',
    });
  });

  it('may have no roles', () => {
    expect(personOf({ ...claims, roles: undefined }, names).roles).toEqual([]);
  });

  it.each([
    ['no admin', { sub: undefined }],
    ['an empty admin', { sub: '' }],
    ['no department', { department: undefined }],
    ['a department that is a list', { department: ['3'] }],
    ['no source', { azp: undefined }],
  ])('is refused with %s', (_, changes) => {
    expect(() => personOf({ ...claims, ...changes } as JWTPayload, names)).toThrow('no valid claim');
  });
});
