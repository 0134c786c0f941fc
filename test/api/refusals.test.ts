import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { tokenMinter } from '../../infra/local-cloud/issuer.ts';
import { AUDIENCE } from '../../infra/local-system/names.ts';
import { claimsOf } from '../../infra/local-system/person.ts';
import { type Answer, type Caller, openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

let portal: Portal;
let admin: Caller;
/** The id of a completed record of the admin's. */
let id: string;
let recordsBefore: number;

const conditions = { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' };
const order = { report: 'withdrawals-by-user-tag', conditions };

beforeAll(async () => {
  portal = await openPortal('test-refusals');
  admin = await portal.person();
  id = (await admin.run(order)).id;
  recordsBefore = await portal.countRecords();
});
afterAll(() => portal?.stop());

/** Asserts that a response is a problem as defined by RFC 9457. */
function expectProblem({ status, headers, body }: Answer, expected: { status: number; code: string }) {
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect({ status, code: body.code }).toEqual(expected);
  expect(body).toMatchObject({
    type: `/problems/${expected.code}`,
    title: expect.stringMatching(/^[A-Z]/),
    status: expected.status,
    detail: expect.stringMatching(/\w/),
  });
}

const expectNoNewRecord = async () => expect(await portal.countRecords()).toBe(recordsBefore);

describe('a request that has faults gets a problem and no record', () => {
  const pathsOf = ({ body }: Answer) => body.errors.map(({ path }: { path: string }) => path).sort();

  it.each<[name: string, body: unknown]>([
    ['nothing', undefined],
    ['text', 'hello'],
    ['JSON cut short', '{"report":'],
    ['what is JSON to JavaScript alone', "{report:'withdrawals-by-user-tag'}"],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['half a character', '{"report":"payments-by-admin","conditions":{"departmentIds":[1],"status":"\\ud83d"}}'],
  ])('malformed JSON: %s', async (_, body) => {
    const answer = await admin.post('/v1/downloads', { body });
    expectProblem(answer, { status: 400, code: 'malformed-json' });
    expect(answer.body.errors).toEqual([{ path: '', message: expect.stringMatching(/\w/) }]);
    await expectNoNewRecord();
  });

  it.each<[name: string, body: unknown, paths: string[]]>([
    ['no object', [order], ['']],
    ['null', 'null', ['']],
    ['an unknown report', { ...order, report: 'nothing' }, ['report']],
    ['no report', { conditions }, ['report']],
    [
      'no conditions',
      { report: order.report },
      ['conditions', 'conditions.from', 'conditions.tagIds', 'conditions.to'],
    ],
    ['a wrong condition', { ...order, conditions: { ...conditions, tagIds: ['x'] } }, ['conditions.tagIds.0']],
    ['a missing condition', { ...order, conditions: { tagIds: [1], from: '2026-01-01' } }, ['conditions.to']],
    ['an unknown field', { ...order, adminId: 'admin-9' }, ['adminId']],
    ['an unknown condition', { ...order, conditions: { ...conditions, userId: 1 } }, ['conditions.userId']],
    ['an unknown format', { ...order, format: 'xlsx' }, ['format']],
    ['an unknown locale', { ...order, locale: 'xx' }, ['locale']],
    [
      'all at once',
      { ...order, conditions: { tagIds: [], from: 'x', a: 1 }, locale: 'xx', b: 1 },
      ['b', 'conditions.a', 'conditions.from', 'conditions.tagIds', 'conditions.to', 'locale'],
    ],
  ])('%s', async (_, body, paths) => {
    const answer = await admin.post('/v1/downloads', { body });
    expectProblem(answer, { status: 400, code: 'invalid-request' });
    expect(pathsOf(answer)).toEqual(paths);
    for (const { message } of answer.body.errors) expect(message).toMatch(/\w/);
    await expectNoNewRecord();
  });

  it('a body over 64 KiB', async () => {
    const body = { ...order, conditions: { ...conditions, tagIds: Array(40_000).fill(1) } };
    expectProblem(await admin.ask(body), { status: 413, code: 'body-too-large' });
    await expectNoNewRecord();
  });

  it.each(['', 'k'.repeat(256)])('an Idempotency-Key that is none: %j', async (key) => {
    const answer = await admin.ask(order, { 'idempotency-key': key });
    expectProblem(answer, { status: 400, code: 'invalid-idempotency-key' });
    await expectNoNewRecord();
  });
});

describe('a list that is asked for wrongly is refused', () => {
  it.each([
    ['status=DONE', 'status'],
    ['status=FAILED&status=COMPLETED', 'status'],
    ['pageSize=0', 'pageSize'],
    ['pageSize=101', 'pageSize'],
    ['pageSize=ten', 'pageSize'],
    ['pageToken=next', 'pageToken'],
    ["pageToken=' OR 1=1", 'pageToken'],
  ])('%s', async (query, path) => {
    const answer = await admin.get(`/v1/downloads?${query}`);
    expectProblem(answer, { status: 400, code: 'invalid-request' });
    expect(answer.body.errors).toMatchObject([{ path }]);
  });

  it('for everything wrong at once', async () => {
    const { body } = await admin.get('/v1/downloads?status=x&pageSize=x&adminId=7');
    expect(body.errors).toHaveLength(3);
  });
});

describe('whoever is not who they say', () => {
  const person = { adminId: 'admin-1', departmentId: 'department-1' };
  const claims = claimsOf(person);
  const mint = (changes: object, audience = AUDIENCE, expiresIn = 3600) =>
    portal.cloud.issuer.mintToken({ ...claims, ...changes }, { audience, expiresIn });
  const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString());
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const privateKeyPem = () => portal.cloud.issuer.serviceAccountKey.private_key;
  const complete = () => ({
    ...claims,
    iss: portal.cloud.issuer.url,
    aud: AUDIENCE,
    exp: Math.floor(Date.now() / 1000) + 60,
  });

  /** Returns a token with the genuine key's id in its header, but signed by another key. */
  async function signedByAnotherKey(): Promise<string> {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const forged = await tokenMinter(portal.cloud.issuer.url, pem)(claims, { audience: AUDIENCE });
    const [genuine] = (await mint({})).split('.');
    return [genuine, ...forged.split('.').slice(1)].join('.');
  }

  async function signedWithThePublicKey(): Promise<string> {
    const secret = portal.cloud.issuer.publicKey.export({ type: 'spki', format: 'pem' });
    const signed = `${encode({ ...headerOf(await mint({})), alg: 'HS256' })}.${encode(complete())}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  }

  const credentials: [name: string, authorization: () => string | undefined | Promise<string>, code?: string][] = [
    ['no token', () => undefined, 'no-token'],
    ['another scheme', () => 'Basic YWRtaW46YWRtaW4=', 'no-token'],
    ['garbage', () => 'Bearer garbage'],
    ['a signature of another key', async () => `Bearer ${await signedByAnotherKey()}`],
    ['another audience', async () => `Bearer ${await mint({}, 'another')}`],
    [
      'another issuer',
      async () => `Bearer ${await tokenMinter('https://o.example', privateKeyPem())(claims, { audience: AUDIENCE })}`,
    ],
    ['a token that has expired', async () => `Bearer ${await mint({}, AUDIENCE, -60)}`],
    ['alg none', () => `Bearer ${new UnsecuredJWT(complete()).encode()}`],
    ['HS256 with the public key', async () => `Bearer ${await signedWithThePublicKey()}`],
    ['no admin in the token', async () => `Bearer ${await mint({ sub: undefined })}`, 'bad-claim'],
    ['no department in the token', async () => `Bearer ${await mint({ department: undefined })}`, 'bad-claim'],
  ];

  it.each(credentials)('is told to authenticate: %s', async (_, authorization, code = 'bad-token') => {
    const given = await authorization();
    const headers = given === undefined ? {} : { authorization: given };
    for (const answer of await Promise.all([
      portal.call('POST', '/v1/downloads', { body: order, headers }),
      portal.call('GET', `/v1/downloads/${id}`, { headers }),
    ])) {
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expectProblem(answer, { status: 401, code });
    }
    await expectNoNewRecord();
  });

  const routes = [
    ['POST', '/v1/downloads'],
    ['GET', '/v1/downloads'],
    ['GET', '/v1/downloads/ID'],
    ['POST', '/v1/downloads/ID:cancel'],
    ['POST', '/v1/downloads/ID:retry'],
    ['GET', '/v1/downloads/ID/file'],
    ['GET', '/v1/reports'],
  ] as const;

  it.each(routes)('is refused at %s %s', async (method, path) => {
    const answer = await portal.call(method, path.replace('ID', id));
    expectProblem(answer, { status: 401, code: 'no-token' });
  });

  it('is not told of faults before they have said who they are', async () => {
    expectProblem(await portal.call('POST', '/v1/downloads', { body: '{' }), { status: 401, code: 'no-token' });
  });
});

describe('what is not one’s own is not there', () => {
  const NOWHERE = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
  const routes = [
    ['GET', ''],
    ['GET', '/file'],
    ['POST', ':cancel'],
    ['POST', ':retry'],
  ] as const;

  it.each(routes)('%s /v1/downloads/{id}%s', async (method, rest) => {
    // Not even for a colleague of the same department and roles.
    const colleague = await portal.person({ departmentId: admin.departmentId });
    const asked: [Caller, string][] = [
      [colleague, id],
      [admin, NOWHERE],
      [admin, 'not-an-id'],
    ];
    const answers = await Promise.all(
      asked.map(([caller, which]) => caller.call(method, `/v1/downloads/${which}${rest}`)),
    );
    for (const answer of answers) expectProblem(answer, { status: 404, code: 'no-such-record' });
    // The two responses are indistinguishable.
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    await expectNoNewRecord();
    expect((await admin.get(`/v1/downloads/${id}`)).body.status).toBe('COMPLETED');
  });
});

describe('a path or method that there is not', () => {
  it.each([
    '/index.html',
    '/assets/none.js',
    '/v1',
    '/v1/downloads/',
    '/v2/downloads',
    '/v1/downloads/x/files',
    '/v1/downloads/x:frobnicate',
    '//',
    '/%E0%A4%A',
  ])('%s', async (path) => {
    expectProblem(await admin.get(path), { status: 404, code: 'no-such-path' });
  });

  it.each([
    ['DELETE', '/v1/downloads/ID', 'GET'],
    ['POST', '/v1/reports', 'GET'],
    ['PUT', '/v1/downloads/ID:cancel', 'POST'],
    // Two functions share this path.
    ['PUT', '/v1/downloads', 'GET, POST'],
  ])('%s %s', async (method, path, allow) => {
    const answer = await portal.call(method, path.replace('ID', id));
    expect(answer.headers.get('allow')?.split(', ').sort().join(', ')).toBe(allow);
    expectProblem(answer, { status: 405, code: 'method-not-allowed' });
  });
});
