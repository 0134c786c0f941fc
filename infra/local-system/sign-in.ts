import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { startHttpServer } from '../local-cloud/http-server.ts';
import type { Person } from './person.ts';

/** A working day. */
export const SESSION_SECONDS = 12 * 3600;

export interface SignIn {
  readonly url: string;
  readonly origin: string;
  /** Tells where sessions are handed over to, which is known only once the functions are up. */
  handOverTo(origin: string): void;
  close(): Promise<void>;
}

/**
 * A development sign-in page in place of the admin portal: whoever comes says who they are and gets a token, which the page posts to the public origin's `/session`
 * as a portal would. It has the host name of the public origin, and so is of the same site.
 */
export async function startSignIn(mint: (person: Person) => Promise<string>): Promise<SignIn> {
  let publicOrigin = '';
  const server = await startHttpServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const origin = `http://localhost:${server.port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const route = `${request.method} ${pathname}`;
    // Any page in the browser could sign it in as anybody.
    const isForeign = request.method === 'POST' && (request.headers.origin ?? origin) !== origin;
    if (isForeign) response.writeHead(403).end();
    else if (route === 'GET /sign-in') send(response, 'text/html', formPage(searchParams.get('to') ?? '/'));
    else if (route === 'POST /sign-in') send(response, 'text/html', await handOverPage(await text(request)));
    else if (route === 'GET /hand-over.js') send(response, 'text/javascript', `document.forms[0].submit();\n`);
    else response.writeHead(404).end();
  }

  async function handOverPage(body: string): Promise<string> {
    const form = new URLSearchParams(body);
    const field = (name: string) => form.get(name) ?? '';
    const roles = field('roles')
      .split(/[\s,]+/)
      .filter(Boolean);
    const token = await mint({ adminId: field('admin'), departmentId: field('department'), roles });
    return page(`<form method="post" action="${publicOrigin}/session">
<input type="hidden" name="token" value="${escapeHtml(token)}">
<input type="hidden" name="to" value="${escapeHtml(field('to'))}">
<button>Continue to the download center</button>
</form>
<script src="/hand-over.js" defer></script>`);
  }

  /** The Origin header, by which the session's receiver knows us, goes along only under such a policy. */
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
    handOverTo(url) {
      publicOrigin = url;
    },
    close: server.close,
  };
}

const formPage = (to: string) =>
  page(`<form method="post" action="/sign-in">
<input type="hidden" name="to" value="${escapeHtml(to)}">
<p><label for="admin">Admin id</label><br><input id="admin" name="admin" value="7" required pattern="[^\\/]+"></p>
<p><label for="department">Department id</label><br><input id="department" name="department" value="3" required></p>
<p><label for="roles">Roles</label><br><input id="roles" name="roles" aria-describedby="roles-hint"><br>
<small id="roles-hint">Separated by spaces: downloads.department reads the department's records, downloads.all all records; finance may ask for payments, risk-control sees names and phones in clear.</small></p>
<button>Sign in</button>
</form>`);

const page = (content: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Development sign-in</title>
<style>:root { color-scheme: light dark } body { font: 16px/1.5 system-ui; margin: 2rem auto; max-width: 24rem; padding: 0 1rem } input, button { font: inherit }</style>
</head>
<body>
<main>
<h1>Development sign-in</h1>
${content}
</main>
</body>
</html>
`;

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
