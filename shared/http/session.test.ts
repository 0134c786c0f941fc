import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Issuer, startIssuer } from '../../infra/local-cloud/issuer.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { serveFunction } from '../../test/support/serve-function.ts';
import { type Route, route, serveRoutes } from './router.ts';
import { clearSessionCookie, sessionAuthenticator, setSessionCookie } from './session.ts';
import { personVerifier } from './verifiers.ts';

const AUDIENCE = 'report-download-center';
const SIGN_IN_URL = 'https://portal.example/sign-in';

let issuer: Issuer;
let verify: ReturnType<typeof personVerifier>;
let server: Awaited<ReturnType<typeof serveFunction>>;

beforeAll(async () => {
  issuer = await startIssuer({ projectId: 'demo' });
  verify = personVerifier({
    AUTH_JWKS_URL: issuer.jwksUrl,
    AUTH_ISSUER: issuer.url,
    AUTH_AUDIENCE: AUDIENCE,
    AUTH_CLAIM_ADMIN: 'sub',
    AUTH_CLAIM_DEPARTMENT: 'department',
    AUTH_CLAIM_ROLES: 'roles',
    AUTH_CLAIM_SOURCE: 'azp',
  });
  const authenticate = sessionAuthenticator(verify, SIGN_IN_URL);
  const who: Route['handle'] = async ({ request, response }) => void response.json(await authenticate(request));
  const routes = (['GET', 'POST', 'DELETE'] as const).map((method) => route(method, '/', who));
  server = await serveFunction(serveRoutes(routes, 'demo', memoryLogger().logger));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await issuer.close();
});

const tokenOf = (sub: string, expiresIn = 60) =>
  issuer.mintToken({ sub, department: '3', azp: 'portal' }, { audience: AUDIENCE, expiresIn });
const cookieOf = (token: string) => `theme=dark; __Host-session=${token}; other=__Host-session=x`;

async function ask(headers: Record<string, string>, method = 'GET') {
  const response = await fetch(server.url, { method, headers });
  const body = (await response.json()) as { expiresAt: string; [field: string]: unknown };
  return { status: response.status, body };
}

describe('a request is from', () => {
  it('whom its bearer token names, until it ends', async () => {
    const { body } = await ask({ authorization: `Bearer ${await tokenOf('7')}` }, 'POST');
    expect(body).toMatchObject({ adminId: '7', departmentId: '3', roles: [], source: 'portal' });
    const seconds = (Date.parse(body.expiresAt) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('whom its cookie names', async () => {
    expect((await ask({ cookie: cookieOf(await tokenOf('7')) })).body).toMatchObject({ adminId: '7' });
  });

  it('whom its bearer token names, if it has both', async () => {
    const both = { authorization: `Bearer ${await tokenOf('8')}`, cookie: cookieOf(await tokenOf('7')) };
    expect((await ask(both)).body).toMatchObject({ adminId: '8' });
    // The cookie does not make up for an invalid token.
    expect(await ask({ ...both, authorization: 'Bearer x' })).toMatchObject({
      status: 401,
      body: { code: 'bad-token' },
    });
  });
});

it.each([
  ['without anything', async () => ({}), 'no-token'],
  ['with another cookie', async () => ({ cookie: 'session=x; __Host-sessions=y' }), 'no-token'],
  ['with an empty cookie', async () => ({ cookie: cookieOf('') }), 'no-token'],
  ['with a cookie that is no token', async () => ({ cookie: cookieOf('abc') }), 'bad-token'],
  ['with a cookie that has expired', async () => ({ cookie: cookieOf(await tokenOf('7', -60)) }), 'bad-token'],
  ['with a token that has expired', async () => ({ authorization: `Bearer ${await tokenOf('7', -60)}` }), 'bad-token'],
] as [string, () => Promise<Record<string, string>>, string][])(
  'a request %s is told where to sign in',
  async (_, headers, code) => {
    expect(await ask(await headers())).toMatchObject({ status: 401, body: { code, signInUrl: SIGN_IN_URL } });
  },
);

describe('what changes something with a cookie', () => {
  const host = () => new URL(server.url).host;
  const cases: [allowed: boolean, headers: () => Record<string, string>][] = [
    [true, () => ({ 'sec-fetch-site': 'same-origin' })],
    [true, () => ({ origin: `http://${host()}` })],
    [true, () => ({ origin: `https://${host()}` })],
    [false, () => ({ 'sec-fetch-site': 'same-site' })],
    [false, () => ({ 'sec-fetch-site': 'cross-site' })],
    [false, () => ({ 'sec-fetch-site': 'none' })],
    [false, () => ({ 'sec-fetch-site': 'cross-site', origin: `http://${host()}` })],
    [false, () => ({ origin: 'https://evil.example' })],
    [false, () => ({ origin: 'null' })],
    [false, () => ({})],
  ];

  it.each(cases)('is let in: %p, by its headers (%#)', async (allowed, headers) => {
    for (const method of ['POST', 'DELETE']) {
      const answer = await ask({ cookie: cookieOf(await tokenOf('7')), ...headers() }, method);
      expect(answer).toMatchObject(allowed ? { status: 200 } : { status: 403, body: { code: 'cross-site' } });
    }
  });

  it('is not asked where it comes from if it has a bearer token, or changes nothing', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await ask({ ...foreign, authorization: `Bearer ${await tokenOf('7')}` }, 'POST')).status).toBe(200);
    expect((await ask({ ...foreign, cookie: cookieOf(await tokenOf('7')) })).status).toBe(200);
  });
});

it('the cookie is for this origin alone, out of reach of scripts, and ends with the token', async () => {
  await using setting = await serveFunction((_request, response) => {
    setSessionCookie(response, 'a.b.c', new Date(Date.now() + 90_500));
    response.end();
  });
  const [set] = (await fetch(setting.url)).headers.getSetCookie();
  expect(set).toMatch(
    /^__Host-session=a\.b\.c; Max-Age=90; Path=\/; Expires=[^;]+ GMT; HttpOnly; Secure; SameSite=Strict$/,
  );
});

it('the cookie is cleared under the attributes that it was set under', async () => {
  await using clearing = await serveFunction((_request, response) => {
    clearSessionCookie(response);
    response.end();
  });
  const [cleared] = (await fetch(clearing.url)).headers.getSetCookie();
  expect(cleared).toBe(
    '__Host-session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Strict',
  );
});
