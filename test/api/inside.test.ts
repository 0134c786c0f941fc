import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { queryFunctionName } from '../../infra/functions.ts';
import { withoutSignature } from '../../infra/local-system/caller-check.ts';
import { AUDIENCE, INVOKER } from '../../infra/local-system/names.ts';
import { fanInKey, resultField } from '../../shared/domain/names.ts';
import { eventually } from '../support/eventually.ts';
import { stepOf } from '../support/test-system.ts';
import { openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

let portal: Portal;
let redis: Redis;
beforeAll(async () => {
  portal = await openPortal('test-inside');
  redis = new Redis(portal.redis.url);
});
afterAll(async () => {
  redis?.disconnect();
  await portal?.stop();
});

const order = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
};
const TABLE = 'plt_fund.vs_withdraw';
const TAGS = 'plt_user.vs_user_tag_relation';
const SOURCES = [
  { name: 'withdrawals', table: TABLE },
  { name: 'tags', table: TAGS },
];
const queryTable = queryFunctionName(TABLE);
const FUNCTIONS = [queryTable, 'aggregate', 'sweep', 'notify'];

const urlOf = (name: string) => portal.internalUrls.get(name) as string;
const tokenFor = (name: string) => portal.cloud.issuer.mintIdentityToken(INVOKER, urlOf(name));

async function deliver(name: string, body: unknown, token?: string): Promise<Response> {
  return fetch(urlOf(name), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
/** Calls a function directly, bypassing the platform's own check of callers. */
async function callDirectly(name: string, token: string | undefined): Promise<IncomingMessage & { status: number }> {
  const socketPath = portal.functions.get(name)?.socketPath;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = request({ socketPath, method: 'POST', headers }).end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  response.resume();
  return Object.assign(response, { status: response.statusCode ?? 0 });
}
const deliverGenuinely = async (name: string, body: unknown) => deliver(name, body, await tokenFor(name));

/** Returns what Pub/Sub would push for the sources of a record. */
const push = (recordId: string, attributes: Record<string, string>, dispatchId = 'first') => {
  const message = { recordId, stage: 0, dispatchId, sources: SOURCES };
  return { message: { data: Buffer.from(JSON.stringify(message)).toString('base64'), attributes } };
};

/** Returns the lines that a function has logged, parsed. */
async function linesOf(name: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(portal.functions.get(name)?.logFile as string, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe.each(FUNCTIONS)('the function %s', (name) => {
  const verifiedEmail = { email: INVOKER, email_verified: true };
  const tokens: [name: string, mint: () => Promise<string | undefined> | string][] = [
    ['without a token', async () => undefined],
    ['with garbage', () => 'garbage'],
    ['with a token for another function', () => portal.cloud.issuer.mintIdentityToken(INVOKER, `${urlOf(name)}-other`)],
    [
      'with another account’s token',
      () => portal.cloud.issuer.mintIdentityToken('x@local.iam.gserviceaccount.com', urlOf(name)),
    ],
    [
      'with an address that nobody verified',
      () => portal.cloud.issuer.mintToken({ ...verifiedEmail, email_verified: false }, { audience: urlOf(name) }),
    ],
    [
      'with a token that has expired',
      () => portal.cloud.issuer.mintToken(verifiedEmail, { audience: urlOf(name), expiresIn: -60 }),
    ],
    ['with a person’s token', () => portal.token({ adminId: INVOKER, departmentId: '3' })],
    [
      'with a person’s token that claims to be the invoker',
      () => portal.cloud.issuer.mintToken(verifiedEmail, { audience: AUDIENCE }),
    ],
  ];

  it.each(tokens)('refuses a call %s, whether its signature is there or taken out', async (_, mint) => {
    const token = await mint();
    for (const passedOn of [token, token && withoutSignature(token)]) {
      const { status, headers } = await callDirectly(name, passedOn);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe('Bearer');
      expect(headers['content-type']).toContain('application/problem+json');
    }
  });

  it('takes the invoker’s token as the platform passes it on', async () => {
    const { status } = await callDirectly(name, withoutSignature(await tokenFor(name)));
    expect(status).toBe(204);
  });

  it('is called by nobody without a genuine token, since the platform refuses', async () => {
    const genuine = await tokenFor(name);
    for (const token of [undefined, 'garbage', withoutSignature(genuine), await tokenFor('another')]) {
      expect((await deliver(name, {}, token)).status).toBe(403);
    }
    expect((await deliver(name, {}, genuine)).status).toBe(204);
  });
});

it.each<[name: string, body: unknown]>([
  [queryTable, 'no JSON'],
  [queryTable, {}],
  [queryTable, { message: { data: 'aGVsbG8=', attributes: { [TABLE]: 'asked' } } }],
  ['aggregate', 'no JSON'],
  ['aggregate', { recordId: '7', stage: 0, attempt: 0 }],
  ['notify', 'no JSON'],
  ['notify', { message: { data: 'aGVsbG8=' } }],
])('%s takes what it cannot make sense of only once, and says so: %j', async (name, body) => {
  const before = (await linesOf(name)).length;
  expect((await deliverGenuinely(name, body)).status).toBe(204);
  const [line] = await eventually(async () => {
    const added = (await linesOf(name)).slice(before);
    return added.length > 0 && added;
  });
  expect(line).toMatchObject({ severity: 'ERROR', message: 'given up' });
});

it('what is asked for a record that there is not is done with', async () => {
  const nowhere = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
  expect((await deliverGenuinely(queryTable, push(nowhere, { [TABLE]: 'asked' }))).status).toBe(204);
  const task = { recordId: nowhere, stage: 0, attempt: 0 };
  expect((await deliverGenuinely('aggregate', task)).status).toBe(204);
  expect(await redis.exists(fanInKey(nowhere))).toBe(0);
});

it('a message that does not ask this table is done with, and does nothing', async () => {
  const admin = await portal.person();
  await portal.whileHeld(async () => {
    const { body: record } = await admin.ask(order);
    const key = fanInKey(record.id);
    const others = push(record.id, { 'plt_fund.vs_payment': 'asked' });
    expect((await deliverGenuinely(queryTable, others)).status).toBe(204);
    expect(await redis.exists(key)).toBe(0);
    // The same message with this table's attribute is processed.
    expect((await deliverGenuinely(queryTable, push(record.id, { [TABLE]: 'asked' }))).status).toBe(204);
    expect(await redis.hexists(key, resultField(TABLE, 'withdrawals'))).toBe(1);
    await admin.post(`/v1/downloads/${record.id}:cancel`);
  });
});

it('a message for what is done already wakes the aggregator, in case whoever counted it died before', async () => {
  const admin = await portal.person();
  const release = portal.cloud.tasks.faults.hold((task) => !stepOf(task).startsWith('s0-done-again'));
  try {
    await portal.whileHeld(async () => {
      const { body: record } = await admin.ask(order);
      for (const { table } of SOURCES) {
        const { status } = await deliverGenuinely(queryFunctionName(table), push(record.id, { [table]: 'asked' }));
        expect(status).toBe(204);
      }
      expect((await admin.get(`/v1/downloads/${record.id}`)).body.status).toBe('QUERYING');
      const again = push(record.id, { [TABLE]: 'asked' }, 'again');
      expect((await deliverGenuinely(queryTable, again)).status).toBe(204);
      expect((await admin.end(record.id)).status).toBe('COMPLETED');
    });
  } finally {
    release();
  }
});

it('the sweeper runs when the scheduler calls', async () => {
  expect((await deliverGenuinely('sweep', {})).status).toBe(204);
});

describe('the logs', () => {
  const SEVERITIES = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

  it('of a record are tied to it and to the trace of its export, in every function it went through', async () => {
    const admin = await portal.person();
    const { id, status } = await admin.run(order);
    const trace = id.replaceAll('-', '');
    expect(status).toBe('COMPLETED');
    // The lines of download-center are those of the requests that poll the record.
    const names = [...portal.functions.keys()].filter((name) => name !== 'download-center');
    const logs = async () => (await Promise.all(names.map(linesOf))).flat();
    const about = await eventually(async () => {
      const lines = (await logs()).filter((line) => JSON.stringify(line).includes(id));
      const messages = lines.map(({ message }) => message);
      return ['file written', 'record ended', 'webhooks asked for'].every((last) => messages.includes(last)) && lines;
    });
    for (const line of about) {
      expect(line).toMatchObject({ recordId: id, 'logging.googleapis.com/trace': `projects/local/traces/${trace}` });
    }
    expect(about.find(({ message }) => message === 'file written')).toMatchObject({ completed: true });
    const ended = about.find(({ message }) => message === 'record ended');
    expect(Number(ended?.seconds)).toBeGreaterThan(0);
    expect(Number(ended?.seconds)).toBeLessThan(60);
    const functions = new Set(about.map((line) => line.function));
    expect(functions).toEqual(new Set(['create-report', 'query-table', 'aggregate', 'notify']));
    const tables = about.filter((line) => line.function === 'query-table').map(({ table }) => table);
    expect(tables.sort()).toEqual([TABLE, TAGS]);
  });

  it('are JSON, line by line, each with its severity, time, function and trace', async () => {
    // The requests include an invalid path and an invalid body.
    const admin = await portal.person();
    await admin.get('/v1/downloads/%E0%A4%A');
    await admin.post('/v1/downloads', { body: '{' });
    let count = 0;
    for (const name of portal.functions.keys()) {
      for (const line of await linesOf(name)) {
        count++;
        expect(SEVERITIES).toContain(line.severity);
        expect(line).toMatchObject({
          message: expect.stringMatching(/\w/),
          time: expect.stringMatching(/^\d{4}-.*Z$/),
          function: name.startsWith('query-') ? 'query-table' : name,
          'logging.googleapis.com/trace': expect.stringMatching(/^projects\/local\/traces\/[0-9a-f]{32}$/),
        });
      }
    }
    expect(count).toBeGreaterThan(10);
  });

  it('hold no token, signature, password or signed URL', async () => {
    const admin = await portal.person();
    const { id } = await admin.run(order);
    await admin.get(`/v1/downloads/${id}/file`);
    const passwords = Object.values(portal.demo.logins).map(({ password }) => password);
    for (const { logFile } of portal.functions.values()) {
      const text = await readFile(logFile, 'utf8');
      expect(text).not.toMatch(/eyJ[\w-]+\.eyJ|X-Goog-Signature|Bearer /i);
      for (const password of passwords) expect(text).not.toContain(password);
    }
  });
});
