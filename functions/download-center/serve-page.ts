import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Problem } from '../../shared/http/problem.ts';
import { type Call, type Route, route } from '../../shared/http/router.ts';

type Coding = 'br' | 'gzip' | 'identity';

/** A file of the page, held in memory. */
interface PageFile {
  type: string;
  etag: string;
  encoded: (coding: Coding) => Promise<Buffer>;
}

/**
 * The output of Vite: `/index.html`, `/docs.html`, and files below `/assets/` whose names contain a hash of their
 * content.
 */
export type Page = ReadonlyMap<string, PageFile>;

/** Brotli's default, 11, takes seconds for a large file, and the first request has to wait for it. */
const QUALITY = 5;

const brotli = promisify(brotliCompress);

const ENCODE: Record<Coding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) => brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }),
  gzip: promisify(gzip),
  identity: async (content) => content,
};

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Reads the built page into memory. Throws one error that names everything missing. */
export async function loadPage(folder: string): Promise<Page> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const page = new Map<string, PageFile>();
  for (const file of files)
    page.set(file.slice(folder.length).replaceAll('\\', '/'), pageFile(file, await readFile(file)));
  const missing = ['/index.html', '/docs.html'].filter((path) => !page.has(path));
  if (missing.length > 0) throw new Error(`The page is not built: ${folder} has no ${missing.join(' and no ')}`);
  return page;
}

/**
 * Compresses a file when it is first requested and keeps the result, so that a cold start that serves only the API does
 * not wait for compression.
 */
function pageFile(name: string, content: Buffer): PageFile {
  const made = new Map<Coding, Promise<Buffer>>();
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    etag: `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    encoded(coding) {
      const body = made.get(coding) ?? ENCODE[coding](content);
      made.set(coding, body);
      return body;
    },
  };
}

/** Returns the routes of the page. Only the page itself and the portals may embed it in a frame. */
export function pageRoutes(page: Page, portalOrigins: readonly string[]): Route[] {
  const security = {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      // Ant Design writes its styles at run time.
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      ['frame-ancestors', "'self'", ...portalOrigins].join(' '),
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Strict-Transport-Security': 'max-age=31536000',
  };
  const document = (path: string) => (call: Call) =>
    send(page.get(path), { ...security, 'Cache-Control': 'no-cache' }, call);
  return [
    route('GET', '/', document('/index.html')),
    route('GET', '/downloads/:id{/}?', document('/index.html')),
    route('GET', '/docs', document('/docs.html')),
    // A file with different content has a different name.
    route('GET', '/assets/*', (call) =>
      send(page.get(call.request.path), { 'Cache-Control': 'public, max-age=31536000, immutable' }, call),
    ),
    // For an unknown path, a person gets the page, which says so. A program gets a problem, as does any request below
    // the API's paths.
    route('GET', '/((?!(?:v1|session)(?:/|$)).*)', async (call) => {
      if (call.request.accepts(['json', 'html']) !== 'html')
        throw new Problem('no-such-path', { path: call.request.path });
      call.response.status(404);
      await document('/index.html')(call);
    }),
  ];
}

async function send(
  file: PageFile | undefined,
  headers: Record<string, string>,
  { request, response }: Call,
): Promise<void> {
  if (!file) throw new Problem('no-such-path', { path: request.path });
  const accepted = request.acceptsEncodings();
  const coding = (['br', 'gzip'] as const).find((one) => accepted.includes(one)) ?? 'identity';
  if (coding !== 'identity') response.set('Content-Encoding', coding);
  // Express answers 304 if the client has this content already.
  response
    .set({ ...headers, 'Content-Type': file.type, ETag: file.etag, Vary: 'Accept-Encoding' })
    .send(await file.encoded(coding));
}
