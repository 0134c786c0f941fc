import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveRoutes } from '../../shared/http/router.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { serveFunction } from '../../test/support/serve-function.ts';
import { loadPage, pageRoutes } from './serve-page.ts';

const SCRIPT = `console.log(${JSON.stringify('報表'.repeat(1000))});\n`;
const FILES = {
  'index.html': '<!doctype html><title>Downloads</title>',
  'docs.html': '<!doctype html><title>Reference</title>',
  'assets/index-Bx1.js': SCRIPT,
  'assets/index-Cy2.css': 'body{margin:0}',
};

let folder: string;
let server: Awaited<ReturnType<typeof serveFunction>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  await mkdir(join(folder, 'assets'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content);
  const routes = pageRoutes(await loadPage(folder), ['https://portal.example', 'https://back.example']);
  server = await serveFunction(serveRoutes(routes, 'demo', memoryLogger().logger));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Sends the path as it is: fetch would normalise the path, request an uncached response, and decode the body. */
async function get(path: string, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(server.url);
  const [response] = (await once(request({ host: hostname, port, path, headers }).end(), 'response')) as [
    IncomingMessage,
  ];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

it.each([
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/?status=FAILED', 'index.html', 'text/html; charset=utf-8'],
  ['/downloads/01a2', 'index.html', 'text/html; charset=utf-8'],
  ['/downloads/01a2/', 'index.html', 'text/html; charset=utf-8'],
  ['/docs', 'docs.html', 'text/html; charset=utf-8'],
  ['/assets/index-Bx1.js', 'assets/index-Bx1.js', 'text/javascript; charset=utf-8'],
  ['/assets/index-Cy2.css', 'assets/index-Cy2.css', 'text/css; charset=utf-8'],
] as const)('%s is %s', async (path, file, type) => {
  const response = await fetch(server.url + path);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await response.text()).toBe(FILES[file]);
});

it.each([
  '/assets/none.js',
  '/assets/',
  '/index.html',
  '/assets/../index.html',
  '/assets/%2e%2e/index.html',
  '/downloads',
])('there is nothing at %s', async (path) => {
  expect((await get(path)).status).toBe(404);
});

it('a person is told by the page that there is nothing, a program by a problem', async () => {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  const page = await get('/downloads', { accept });
  expect([page.status, page.body.toString()]).toEqual([404, FILES['index.html']]);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  for (const [path, accepted] of [
    ['/downloads', 'application/json'],
    ['/v1/none', accept],
  ] as const) {
    const { status, headers } = await get(path, { accept: accepted });
    expect([status, headers['content-type']]).toEqual([404, expect.stringContaining('application/problem+json')]);
  }
});

describe('a document', () => {
  it.each(['/', '/downloads/01a2', '/docs'])(
    'runs no script but its own, and is framed by portals alone: %s',
    async (path) => {
      const { headers } = await fetch(server.url + path);
      const directives = headers.get('content-security-policy')?.split('; ') ?? [];
      expect(directives).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'self' https://portal.example https://back.example",
        ]),
      );
      expect(directives.find((directive) => directive.startsWith('script-src'))).not.toMatch(/unsafe|data:|\*/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
      expect(headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('is sent again only if it has changed', async () => {
    const etag = (await fetch(server.url)).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const unchanged = await get('/', { 'if-none-match': etag });
    expect([unchanged.status, unchanged.body.length]).toEqual([304, 0]);
    expect((await get('/docs', { 'if-none-match': etag })).status).toBe(200);
  });
});

it('an asset is kept for ever', async () => {
  const { headers } = await fetch(`${server.url}/assets/index-Bx1.js`);
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
});

it.each([
  ['br', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['br;q=0, gzip', 'gzip', gunzipSync],
  ['deflate', undefined, (bytes: Buffer) => bytes],
  ['', undefined, (bytes: Buffer) => bytes],
])('goes compressed to whoever accepts %j', async (accepted, coding, decode) => {
  for (let time = 0; time < 2; time++) {
    const { headers, body } = await get('/assets/index-Bx1.js', { 'accept-encoding': accepted });
    expect([headers['content-encoding'], headers.vary]).toEqual([coding, 'Accept-Encoding']);
    expect(decode(body).toString()).toBe(SCRIPT);
  }
});

it('a page that is not built is one error that says so', async () => {
  await expect(loadPage(join(folder, 'none'))).rejects.toThrow(
    /^The page is not built: .*none has no \/index.html and no \/docs.html/,
  );
});
