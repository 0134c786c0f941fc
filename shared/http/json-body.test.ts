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
  server = await serveFunction(serveRoutes([echo], 'demo', memoryLogger().logger));
});
afterAll(async () => {
  // The next tests in this process have servers of their own.
  undo();
  await server[Symbol.asyncDispose]();
});

const post = (
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => fetch(server.url, { method: 'POST', body, headers });

/** JSON text of exactly so many bytes. */
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

it.each(['/%', '/%E0%A4%A', '/%zz?a=%'])(
  'a path with malformed escapes is a path that there is not: %s',
  async (path) => {
    const response = await fetch(server.url + path);
    expect(await response.json()).toMatchObject({ status: 404, code: 'no-such-path' });
  },
);
