import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { takeBodiesRaw } from '../../shared/http/json-body.ts';
import { Problem } from '../../shared/http/problem.ts';
import { route, serveRoutes } from '../../shared/http/router.ts';
import type { Session } from '../../shared/http/session.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { serveFunction } from '../../test/support/serve-function.ts';
import { handOverSession } from './hand-over.ts';

const PORTAL = 'https://portal.example';
const TOKEN = 'header.claims.signature';

let server: Awaited<ReturnType<typeof serveFunction>>;
let parseBodies: () => void;

beforeAll(async () => {
  parseBodies = takeBodiesRaw();
  const verify = async (authorization: string | undefined): Promise<Session> => {
    if (authorization !== `Bearer ${TOKEN}`) throw new Problem('bad-token', { reason: 'forged' });
    const expiresAt = new Date(Date.now() + 3_600_500);
    return { adminId: '7', departmentId: '3', roles: [], source: 'portal', expiresAt };
  };
  const handOver = { verify, portalOrigins: [PORTAL, 'http://localhost:1'] };
  const routes = [route('POST', '/session', (call) => handOverSession(handOver, call))];
  server = await serveFunction(serveRoutes(routes, 'demo', memoryLogger().logger));
});
afterAll(async () => {
  parseBodies();
  await server[Symbol.asyncDispose]();
});

const post = (form: Record<string, string>, headers: Record<string, string> = { origin: PORTAL }) =>
  fetch(`${server.url}/session`, { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' });

it.each(['/', '/downloads/01a2', '/?status=FAILED&report=報表', '/docs#a:b'])(
  'a portal hands a session over, and goes on to %s',
  async (to) => {
    const response = await post({ token: TOKEN, to });
    expect([response.status, response.headers.get('location')]).toEqual([303, encodeURI(to)]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^__Host-session=${TOKEN}; Max-Age=3600; .*HttpOnly; Secure; SameSite=Strict$`)),
    ]);
    // The token does not appear where a history or a log would keep it.
    expect(response.headers.get('location')).not.toContain(TOKEN);
  },
);

it('goes on to the list if it is not told where', async () => {
  expect((await post({ token: TOKEN })).headers.get('location')).toBe('/');
});

it.each([
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  ' //evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  'downloads',
  '',
  '/a\r\nSet-Cookie: x=y',
])('goes nowhere else: %j', async (to) => {
  const response = await post({ token: TOKEN, to });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'invalid-request', errors: [{ path: 'to' }] });
  expect(response.headers.getSetCookie()).toEqual([]);
});

it('says what is wrong in the language of the browser', async () => {
  const headers = { origin: PORTAL, 'accept-language': 'zh-TW' };
  const response = await post({ token: 'x'.repeat(4000), to: '//evil.example' }, headers);
  const { errors } = (await response.json()) as { errors: { path: string; message: string }[] };
  expect(errors.map(({ path }) => path)).toEqual(['token', 'to']);
  for (const { message } of errors) expect(message).toMatch(/^\p{Script=Han}/u);
});

it.each([{}, { origin: 'null' }, { origin: 'https://evil.example' }, { origin: `${PORTAL}.evil.example` }])(
  'nobody else hands a session over: %j',
  async (headers) => {
    const response = await post({ token: TOKEN }, headers as Record<string, string>);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'cross-site' });
    expect(response.headers.getSetCookie()).toEqual([]);
  },
);

it.each([undefined, '', 'another.token', `${TOKEN} `])(
  'a token that is not accepted sets no cookie: %j',
  async (token) => {
    const response = await post(token === undefined ? {} : { token });
    expect(response.status).toBe(401);
    expect(response.headers.getSetCookie()).toEqual([]);
  },
);

it('a form over 64 KiB is refused, though it begins with a token', async () => {
  const body = (async function* () {
    yield Buffer.from(`token=${TOKEN}&to=`);
    yield Buffer.alloc(64 * 1024, '/');
  })();
  const asking = { method: 'POST', headers: { origin: PORTAL }, body, duplex: 'half', redirect: 'manual' } as const;
  const response = await fetch(`${server.url}/session`, asking);
  expect([response.status, response.headers.getSetCookie()]).toEqual([413, []]);
});

it('a token that no cookie could hold is refused, as the browser would drop it without a word', async () => {
  const response = await post({ token: 'x'.repeat(4000) });
  expect(await response.json()).toMatchObject({ status: 400, errors: [{ path: 'token' }] });
});
