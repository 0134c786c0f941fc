import type { IncomingHttpHeaders } from 'node:http';
import { startHttpServer } from '../../infra/local-cloud/http-server.ts';

export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/**
 * Answers a request with a status, or never. After a 102 the connection ends without a final status. `count` is the
 * number of requests so far, this one included.
 */
export type Reply = (request: Received, count: number) => number | Promise<number> | 'nothing';

/** Starts an HTTP endpoint that records what it receives. `await using` closes it. */
export async function startEndpoint(reply: Reply = () => 204) {
  const received: Received[] = [];
  const server = await startHttpServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const entry = { method, url, headers, body: Buffer.concat(await request.toArray()).toString() };
    const status = await reply(entry, received.push(entry));
    if (status === 102) {
      response.writeProcessing();
      response.socket?.end();
    } else if (status !== 'nothing') response.writeHead(status).end();
  });
  return { url: server.url, received, close: server.close, [Symbol.asyncDispose]: server.close };
}
