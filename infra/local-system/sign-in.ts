import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { preferredLocale } from '../../shared/domain/locale.ts';
import { startHttpServer } from '../local-cloud/http-server.ts';
import type { LocalPerson } from './person.ts';
import { formPage, handOverPage } from './sign-in-pages.ts';

/** A working day. */
export const SESSION_SECONDS = 12 * 3600;

export interface SignIn {
  readonly url: string;
  readonly origin: string;
  /** Sets the origin to which sessions are handed over, which is known only once the functions run. */
  setPublicOrigin(origin: string): void;
  close(): Promise<void>;
}

/**
 * Starts a development sign-in page in place of the admin portal: visitors state who they are and get a token, which
 * the page posts to the public origin's `/session` as a portal would. It shares the public origin's host name, and so
 * is same-site.
 */
export async function startSignIn(mint: (person: LocalPerson) => Promise<string>): Promise<SignIn> {
  let publicOrigin = '';
  const server = await startHttpServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const origin = `http://localhost:${server.port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const route = `${request.method} ${pathname}`;
    const language = preferredLocale(languagesOf(request));
    // Otherwise any page in the browser could sign its user in as anybody.
    const isForeign = request.method === 'POST' && (request.headers.origin ?? origin) !== origin;
    if (isForeign) response.writeHead(403).end();
    else if (route === 'GET /sign-in') send(response, 'text/html', formPage(language, searchParams.get('to') ?? '/'));
    else if (route === 'POST /sign-in')
      send(response, 'text/html', handOverPage(language, await sessionOf(await text(request))));
    else if (route === 'GET /hand-over.js') send(response, 'text/javascript', `document.forms[0].submit();\n`);
    else response.writeHead(404).end();
  }

  /** The fields of the form that hands the session over, and its action. */
  async function sessionOf(body: string) {
    const form = new URLSearchParams(body);
    const field = (name: string) => form.get(name) ?? '';
    const roles = field('roles')
      .split(/[\s,]+/)
      .filter(Boolean);
    const token = await mint({ adminId: field('admin'), departmentId: field('department'), roles });
    return { action: `${publicOrigin}/session`, token, to: field('to') };
  }

  /** By the Origin header `/session` recognises this page; the browser sends it only under this referrer policy. */
  function send(response: ServerResponse, type: string, content: string): void {
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': `default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; form-action 'self' ${publicOrigin}`,
      'Referrer-Policy': 'strict-origin',
      'Cache-Control': 'no-store',
    });
    response.end(content);
  }

  return {
    url: `${origin}/sign-in`,
    origin,
    setPublicOrigin(url) {
      publicOrigin = url;
    },
    close: server.close,
  };
}

/** In the browser's order of preference. */
const languagesOf = ({ headers }: IncomingMessage) =>
  (headers['accept-language'] ?? '').split(',').map((entry) => entry.replace(/;.*/, '').trim());
