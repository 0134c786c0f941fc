import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a free port of 127.0.0.1. */
export interface LocalHttpServer {
  readonly port: number;
  readonly url: string;
  /** Closes every connection, even during a request, and resolves when the port is free again. */
  close(): Promise<void>;
}

export async function startHttpServer(listener: RequestListener): Promise<LocalHttpServer> {
  // Node's defaults would abort a long upload after five minutes and an idle connection, which the official clients
  // reuse, after five seconds.
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 600_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
