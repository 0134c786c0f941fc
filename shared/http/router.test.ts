import { describe, expect, it } from '@jest/globals';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { serveFunction } from '../../test/support/serve-function.ts';
import { ReportError } from '../domain/errors.ts';
import { Problem } from './problem.ts';
import { type Route, route, serveRoutes } from './router.ts';

const RECORD = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
const TRACE = 'a'.repeat(32);

async function serve(...routes: Route[]) {
  const { logger, lines } = memoryLogger();
  return { ...(await serveFunction(serveRoutes(routes, 'demo', logger))), lines };
}

/** Returns a route that throws. */
const failing = (error: unknown) => route('GET', '/fails', () => Promise.reject(error));

describe('a request goes to', () => {
  const echo = (name: string): Route['handle'] => {
    return async ({ response, params }) => void response.json({ name, ...params });
  };
  const routes = [
    route('GET', '/records', echo('list')),
    route('POST', '/records', echo('create')),
    route('GET', '/records/:id', echo('get')),
    route('POST', '/records/:id\\:cancel', echo('cancel')),
    route('GET', '/records/:id/file', echo('file')),
  ];

  it.each([
    ['GET', '/records', { name: 'list' }],
    ['GET', '/records?status=FAILED', { name: 'list' }],
    ['POST', '/records', { name: 'create' }],
    ['GET', '/records/7', { name: 'get', id: '7' }],
    ['POST', '/records/7:cancel', { name: 'cancel', id: '7' }],
    ['GET', '/records/7/file', { name: 'file', id: '7' }],
  ])('%s %s', async (method, path, expected) => {
    await using server = await serve(...routes);
    const response = await fetch(server.url + path, { method });
    expect(await response.json()).toEqual(expected);
  });

  it('no route where there is none', async () => {
    await using server = await serve(...routes);
    for (const path of ['/', '/record', '/records/', '/records/7/files', '//']) {
      const response = await fetch(server.url + path);
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.json()).toMatchObject({ code: 'no-such-path' });
    }
  });

  it.each([
    ['DELETE', '/records', 'GET, POST'],
    ['POST', '/records/7', 'GET'],
    ['HEAD', '/records', 'GET, POST'],
  ])('no route that takes another method: %s %s', async (method, path, allow) => {
    await using server = await serve(...routes);
    const response = await fetch(server.url + path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  });
});

describe('what a handler throws becomes a problem', () => {
  const answerOf = async (error: unknown) => {
    await using server = await serve(failing(error));
    const response = await fetch(`${server.url}/fails`);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    return { response, problem: await response.json(), lines: server.lines };
  };

  it('as it says itself', async () => {
    const { response, problem, lines } = await answerOf(new Problem('locked', { activeId: 'r' }));
    expect(response.status).toBe(409);
    expect(problem).toEqual({
      type: '/problems/locked',
      title: 'Conflict',
      status: 409,
      detail: 'Another of your reports is still running. Wait for it to finish or cancel it.',
      code: 'locked',
      activeId: 'r',
    });
    expect(lines).toEqual([]);
  });

  it.each([
    ['zh-TW,en;q=0.5', 'zh-TW', '找不到這筆下載。'],
    ['zh-Hant-HK', 'zh-TW', '找不到這筆下載。'],
    ['zh', 'zh-CN', '找不到该下载。'],
    ['fr, zh-CN;q=0.4, en;q=0.8', 'en', 'This download does not exist.'],
    ['fr', 'en', 'This download does not exist.'],
  ])('in the language that %s asks for', async (accepted, language, detail) => {
    await using server = await serve(failing(new Problem('no-such-record')));
    const response = await fetch(`${server.url}/fails`, { headers: { 'accept-language': accepted } });
    expect([response.headers.get('content-language'), await response.json()]).toEqual([
      language,
      expect.objectContaining({ detail, code: 'no-such-record' }),
    ]);
  });

  it('with its own facts in its text', async () => {
    const { problem } = await answerOf(new Problem('body-too-large', { maxBytes: 7 }));
    expect(problem).toMatchObject({ detail: 'The request body exceeds 7 bytes.', maxBytes: 7 });
  });

  it('which asks for a token', async () => {
    const { response } = await answerOf(new Problem('no-token'));
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('which asks to come again when something is away for the moment', async () => {
    const down = new ReportError('RECORD_STORE_UNAVAILABLE', 'connect ECONNREFUSED db:3306', { kind: 'transient' });
    const { response, problem, lines } = await answerOf(down);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(JSON.stringify(problem)).not.toContain('db:3306');
    expect(lines).toMatchObject([{ message: 'the request failed', err: { code: 'RECORD_STORE_UNAVAILABLE' } }]);
  });

  it.each([new TypeError('secret is undefined'), new ReportError('X', 'secret', { kind: 'permanent' }), 'secret'])(
    'which keeps to itself what went wrong inside, and logs it: %p',
    async (error) => {
      const { response, problem, lines } = await answerOf(error);
      expect(response.status).toBe(500);
      expect(JSON.stringify(problem)).not.toContain('secret');
      expect(JSON.stringify(lines)).toContain('secret');
    },
  );
});

describe('the log of a request', () => {
  const logging = route('GET', '/records/:id', async ({ params, response, log, logOf }) => {
    log.info('seen');
    logOf(params.id ?? '').info('of its export');
    response.end();
  });

  it("has the record's id and the caller's trace, and what is about its export that one's", async () => {
    await using server = await serve(logging);
    const traceparent = `00-${TRACE}-${'b'.repeat(16)}-01`;
    await fetch(`${server.url}/records/${RECORD}`, { headers: { traceparent } });
    const recordId = RECORD;
    const exported = RECORD.replaceAll('-', '');
    expect(server.lines).toMatchObject([
      { recordId, 'logging.googleapis.com/trace': `projects/demo/traces/${TRACE}`, message: 'seen' },
      { recordId, 'logging.googleapis.com/trace': `projects/demo/traces/${exported}`, message: 'of its export' },
    ]);
  });

  it.each([undefined, 'nonsense', `00-${TRACE}-short-01`])('has a trace of its own for %p', async (traceparent) => {
    await using server = await serve(logging);
    const headers = traceparent === undefined ? {} : { traceparent };
    for (let call = 0; call < 2; call++) await fetch(`${server.url}/records/7`, { headers });
    const seen = server.lines.filter(({ message }) => message === 'seen');
    const [one, other] = seen.map((line) => line['logging.googleapis.com/trace']);
    expect(one).toMatch(/^projects\/demo\/traces\/[0-9a-f]{32}$/);
    expect(other).not.toBe(one);
  });
});
