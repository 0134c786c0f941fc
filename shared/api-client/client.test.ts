import type { IncomingHttpHeaders } from 'node:http';
import { expect, it } from '@jest/globals';
import { startHttpServer } from '../../infra/local-cloud/http-server.ts';
import { type DownloadCenterClient, downloadCenterClient } from './client.ts';
import type { ProblemError } from './problem-error.ts';

interface Answer {
  status?: number;
  type?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Starts a server that gives every request this response, and records the requests. `await using` closes it. */
async function serve({ status = 200, type = 'application/json', body = '{}', headers = {} }: Answer = {}) {
  const received: { line: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = await startHttpServer(async (request, response) => {
    const content = Buffer.concat(await request.toArray()).toString();
    received.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: content });
    response.writeHead(status, { 'content-type': type, ...headers }).end(status === 204 ? undefined : body);
  });
  return { origin: server.url, received, [Symbol.asyncDispose]: server.close };
}

const ORDER = {
  report: 'withdrawals',
  conditions: { from: '2026-01-01', to: '2026-01-31' },
  locale: 'zh-TW',
  refresh: true,
};

it.each<[string, string, unknown, (client: DownloadCenterClient) => Promise<unknown>]>([
  ['reports', 'GET /v1/reports', undefined, (client) => client.reports()],
  ['list', 'GET /v1/downloads', undefined, (client) => client.list()],
  [
    'list',
    'GET /v1/downloads?scope=department&status=FAILED&pageSize=5&pageToken=a%2Fb',
    undefined,
    (client) => client.list({ scope: 'department', status: 'FAILED', pageSize: 5, pageToken: 'a/b' }),
  ],
  ['get', 'GET /v1/downloads/7', undefined, (client) => client.get('7')],
  ['get, of an id that is none,', 'GET /v1/downloads/a%2F..%3Fb', undefined, (client) => client.get('a/..?b')],
  ['create', 'POST /v1/downloads', ORDER, (client) => client.create(ORDER)],
  ['check', 'POST /v1/downloads:check', ORDER, (client) => client.check(ORDER)],
  ['cancel', 'POST /v1/downloads/7:cancel', undefined, (client) => client.cancel('7')],
  ['retry', 'POST /v1/downloads/7:retry', undefined, (client) => client.retry('7')],
  ['file', 'GET /v1/downloads/7/file?redirect=false', undefined, (client) => client.file('7')],
  ['preview', 'GET /v1/downloads/7/preview', undefined, (client) => client.preview('7')],
  ['session', 'GET /v1/session', undefined, (client) => client.session()],
  ['signOut', 'DELETE /v1/session', undefined, (client) => client.signOut()],
])('%s asks %s', async (_name, line, body, call) => {
  await using server = await serve();
  await call(downloadCenterClient({ origin: server.origin }));
  expect(server.received.map((request) => request.line)).toEqual([line]);
  expect(server.received[0]?.body).toBe(body === undefined ? '' : JSON.stringify(body));
  expect(server.received[0]?.headers['content-type']).toBe(body === undefined ? undefined : 'application/json');
});

it('hands out what is answered', async () => {
  await using server = await serve({ body: '{"reports":[{"id":"withdrawals"}]}' });
  expect(await downloadCenterClient({ origin: server.origin }).reports()).toEqual([{ id: 'withdrawals' }]);
});

it('takes an answer without content', async () => {
  await using server = await serve({ status: 204 });
  expect(await downloadCenterClient({ origin: server.origin }).signOut()).toBeUndefined();
});

it('sends the token and the language that it has', async () => {
  await using server = await serve();
  await downloadCenterClient({ origin: server.origin, token: 'abc', locale: 'zh-TW' }).session();
  await downloadCenterClient({ origin: server.origin }).session();
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc', undefined]);
  expect(server.received[0]?.headers['accept-language']).toBe('zh-TW');
});

it('leaves cookies out with a token, and sends those of its own origin without', async () => {
  const sent: unknown[] = [];
  const fetch = async (_url: unknown, init: { credentials?: string } = {}) => {
    sent.push(init.credentials);
    return new Response('{}');
  };
  await downloadCenterClient({ origin: '', fetch }).session();
  await downloadCenterClient({ origin: '', token: 'abc', fetch }).session();
  expect(sent).toEqual(['same-origin', undefined]);
});

async function problemOf(answer: Answer): Promise<ProblemError> {
  await using server = await serve(answer);
  return await downloadCenterClient({ origin: server.origin })
    .create(ORDER)
    .then(
      () => Promise.reject(new Error('it was answered')),
      (error) => error,
    );
}

it('throws a problem with all that it says', async () => {
  const problem = await problemOf({
    status: 400,
    type: 'application/problem+json; charset=utf-8',
    headers: { 'retry-after': '7' },
    body: JSON.stringify({
      type: '/problems/invalid-request',
      title: 'Bad request',
      status: 400,
      detail: 'The request contains errors.',
      code: 'invalid-request',
      errors: [
        { path: 'conditions.from', message: 'no date' },
        { path: 'locale', message: 'no locale' },
      ],
      activeId: '42',
    }),
  });
  expect(problem).toMatchObject({
    name: 'ProblemError',
    status: 400,
    code: 'invalid-request',
    title: 'Bad request',
    detail: 'The request contains errors.',
    errors: [
      { path: 'conditions.from', message: 'no date' },
      { path: 'locale', message: 'no locale' },
    ],
    extra: { activeId: '42' },
    retryAfter: 7,
    message: '400 The request contains errors. (42)\n  conditions.from: no date\n  locale: no locale',
  });
});

it.each([
  ['text', 'upstream is gone', 'upstream is gone'],
  ['nothing', '', 'Bad Gateway'],
])('throws what is no problem document, too: %s', async (_name, body, detail) => {
  expect(await problemOf({ status: 502, type: 'text/plain', body })).toMatchObject({
    status: 502,
    code: 'unexpected-answer',
    detail,
    errors: [],
    message: `502 ${detail}`,
  });
});
