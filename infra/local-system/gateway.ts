import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/** The socket and the path that a request goes to, and its Authorization header if it is to have another. */
export interface Target {
  socketPath: string;
  path: string;
  authorization?: string;
}

/** The status of a request that goes nowhere. */
export type Refusal = 403 | 404;

/** A reverse proxy on 127.0.0.1 in front of functions on Unix sockets. Port 0 is any free one. */
export async function startGateway(
  port: number,
  targetOf: (request: IncomingMessage) => Promise<Target | Refusal>,
): Promise<Gateway> {
  const server = createServer({ requestTimeout: 0 }, async (request, response) => {
    const target = await targetOf(request);
    if (typeof target === 'number') response.writeHead(target).end();
    else passOn(request, response, target);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => closeNow(server) };
}

function passOn(request: IncomingMessage, response: ServerResponse, target: Target): void {
  const { socketPath, path, authorization = request.headers.authorization } = target;
  const { method, socket } = request;
  // As the platform's own front end does.
  const forwardedFor = [request.headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ');
  const headers = {
    ...request.headers,
    'x-forwarded-for': forwardedFor,
    ...(authorization === undefined ? {} : { authorization }),
  };
  const upstream = httpRequest({ socketPath, path, method: method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => {
    // The instance died. What it had begun to answer is cut, so that nobody takes it for whole.
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

async function closeNow(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

/** How the one public origin is divided among the functions. */
export function publicTarget(method: string, path: string): 'create-report' | 'download-center' {
  // Not by URL: not everything that a client may send is one.
  const [pathname] = path.split('?');
  return method === 'POST' && /^\/v1\/downloads(:check|\/[^/]*:retry)?$/.test(pathname ?? '')
    ? 'create-report'
    : 'download-center';
}
