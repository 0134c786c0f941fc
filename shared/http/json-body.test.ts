import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { serveFunction } from '../../test/support/serve-function.ts';
import { jsonBody, takeBodiesRaw } from './json-body.ts';
import { route, serveRoutes } from './router.ts';

let server: Awaited<ReturnType<typeof serveFunction>>;
let undo: () => void;

beforeAll(async () => {
  undo = takeBodiesRaw();
  const echo = route('POST', '/', async (call) => void call.response.json({ body: jsonBody(call) }));
  const held = route('POST', '/held', async (call) => {
    call.response.json({ bytes: Buffer.isBuffer(call.request.body) ? call.request.body.length : 0 });
  });
  server = await serveFunction(serveRoutes([echo, held], 'demo', memoryLogger().logger));
});
afterAll(async () => {
  // The following tests in this process have servers of their own.
  undo();
  await server[Symbol.asyncDispose]();
});

const post = (
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => fetch(server.url, { method: 'POST', body, headers });

/** Returns a JSON text of exactly `bytes` bytes. */
const jsonOf = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

describe('a JSON body', () => {
  it.each(['{"a":[1,null,"報表"]}', '[]', 'null', '0', '"text"', ' {} \n', '\ufeff{}', '"\\ud83d\\ude00"'])(
    '%s is taken',
    async (text) => {
      const response = await post(text);
      expect(await response.json()).toEqual({ body: JSON.parse(text.trim()) });
    },
  );

  it.each([
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/cloudevents+json',
  ])('is taken as %s', async (contentType) => {
    const response = await post('{"a":1}', { 'content-type': contentType });
    expect(await response.json()).toEqual({ body: { a: 1 } });
  });

  it('is taken without a content type', async () => {
    const response = await post(Buffer.from('{"a":1}'), {});
    expect(await response.json()).toEqual({ body: { a: 1 } });
  });

  it('is taken up to 64 KiB', async () => {
    expect((await post(jsonOf(64 * 1024))).status).toBe(200);
  });
});

describe('a body is refused', () => {
  it.each(['', '{', '{"a":1,}', "{'a':1}", 'report=x', '\u0000'])('which is not JSON: %p', async (text) => {
    const response = await post(text);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'malformed-json',
      errors: [{ path: '', message: expect.stringContaining('JSON') }],
    });
  });

  it.each([
    ['zh-TW', /^JSON 解析失敗（.*JSON.*）$/],
    ['zh-CN', /^JSON 解析失败（.*JSON.*）$/],
  ])('in words of the language: %s', async (language, message) => {
    const response = await post('{', { 'accept-language': language });
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringMatching(message) }] });
  });

  it.each([
    ['which is not UTF-8', Buffer.from([0x22, 0xe5, 0xa0, 0x22])],
    ['with half a character in a text', '{"a":["\\ud83d"]}'],
    ['with half a character in a name', '{"\\ud83d":1}'],
  ])('%s', async (_, body) => {
    expect(await (await post(body)).json()).toMatchObject({ status: 400, code: 'malformed-json' });
  });

  it.each([64 * 1024 + 1, 5_000_000])('of %d bytes', async (bytes) => {
    const response = await post(jsonOf(bytes));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body-too-large' });
  });

  it('which is over the limit, JSON or not', async () => {
    expect((await post('{'.repeat(100_000))).status).toBe(413);
  });

  it('which is packed, without being unpacked', async () => {
    const packed = gzipSync(Buffer.alloc(8_000_000, ' '));
    const response = await post(packed, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    expect(await response.json()).toMatchObject({ status: 400, code: 'malformed-json' });
  });
});

describe('a body over the limit is not held in memory', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterAll(() => agent.destroy());

  /** Sends a body in pieces of 1 MB, with or without stating its length beforehand, and resolves to the response. */
  async function send(path: string, pieces: number, headers: Record<string, string> = {}) {
    const asking = request(server.url + path, { method: 'POST', agent, headers });
    const answered = once(asking, 'response') as Promise<[IncomingMessage]>;
    const piece = Buffer.alloc(1_000_000, ' ');
    for (let n = 0; n < pieces; n++) if (!asking.write(piece)) await Promise.race([once(asking, 'drain'), answered]);
    asking.end();
    const [response] = await answered;
    return { status: response.statusCode, body: (await json(response)) as { bytes: number; code?: string } };
  }

  it.each([
    ['whose length is told', { 'content-length': '5000000' }],
    ['which comes in chunks', {}],
  ])('%s', async (_, headers: Record<string, string>) => {
    expect((await send('/held', 5, headers)).body.bytes).toBeLessThanOrEqual(64 * 1024);
    // The same connection remains in use.
    expect(await send('/', 5, headers)).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });

  it('nor waited for', async () => {
    const asking = request(server.url, { method: 'POST', headers: { 'content-length': 2 ** 40 } });
    asking.flushHeaders();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    asking.destroy();
  });

  it('while one in chunks up to the limit is taken', async () => {
    const text = jsonOf(64 * 1024);
    const asking = request(server.url, { method: 'POST', agent });
    asking.write(text.slice(0, 10));
    asking.end(text.slice(10));
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    expect(await json(response)).toEqual({ body: JSON.parse(text) });
  });
});

it.each(['/%', '/%E0%A4%A', '/%zz?a=%'])(
  'a path with malformed escapes is a path that there is not: %s',
  async (path) => {
    const response = await fetch(server.url + path);
    expect(await response.json()).toMatchObject({ status: 404, code: 'no-such-path' });
  },
);
