import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { OPERATIONS, type Operation } from '../../shared/api/operations.ts';
import { patternOf } from '../../shared/http/operation-pattern.ts';

export interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/** The socket and the path to which a request is forwarded, and its Authorization header if that is replaced. */
export interface Target {
  socketPath: string;
  path: string;
  authorization?: string;
}

/** The status with which a request is refused. */
export type Refusal = 403 | 404;

/** Starts a reverse proxy on 127.0.0.1 in front of the functions' Unix sockets. Port 0 selects a free port. */
export async function startGateway(
  port: number,
  targetOf: (request: IncomingMessage) => Promise<Target | Refusal>,
): Promise<Gateway> {
  const server = createServer({ requestTimeout: 0 }, async (request, response) => {
    const target = await targetOf(request);
    if (typeof target === 'number') response.writeHead(target).end();
    else forward(request, response, target);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => closeNow(server) };
}

function forward(request: IncomingMessage, response: ServerResponse, target: Target): void {
  const { socketPath, path, authorization = request.headers.authorization } = target;
  const { method, socket } = request;
  // Like the platform's front end.
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
    // The instance died. A response that has begun is cut off, so that no client takes it for complete.
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

const CREATE_REPORT = Object.values(OPERATIONS)
  .filter((operation: Operation) => operation.servedBy === 'create-report')
  .map(({ method, path }) => ({ method, pattern: new URLPattern({ pathname: patternOf(path) }) }));

/** The function behind a route of the public origin. */
export function publicTarget(method: string, path: string): 'create-report' | 'download-center' {
  // Matched by its path alone: not everything that a client may send is a URL.
  const [pathname = ''] = path.split('?');
  const isServed = CREATE_REPORT.some((route) => route.method === method && route.pattern.test({ pathname }));
  return isServed ? 'create-report' : 'download-center';
}
