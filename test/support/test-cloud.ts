import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer } from '../../infra/local-cloud/http-server.ts';
import { type LocalCloud, startLocalCloud } from '../../infra/local-cloud/local-cloud.ts';

/** A local cloud in a folder of its own, with this process's clients pointed at it until it is closed. */
export async function startTestCloud(options: { clockSpeed?: number } = {}): Promise<LocalCloud> {
  const dataDir = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  const cloud = await startLocalCloud({ dataDir, ...options });
  Object.assign(process.env, cloud.env);
  return {
    ...cloud,
    close: async () => {
      await cloud.close();
      for (const name of Object.keys(cloud.env)) delete process.env[name];
      await rm(dataDir, { recursive: true });
    },
  };
}

export type Received = { method: string; url: string; headers: IncomingHttpHeaders; body: string };

/** Answers a request with a status, or never. A 102 is followed by no other: the connection ends. */
export type Reply = (request: Received, count: number) => number | Promise<number> | 'nothing';

/** An endpoint that remembers what it was sent; `await using` closes it. `count` of a reply is from 1. */
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

/** Polls until `probe` gives something other than undefined and false, and returns it. What it throws is thrown. */
export async function eventually<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  { seconds = 10, everyMs = 5 } = {},
): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(everyMs)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`Not within ${seconds} s: ${probe}`);
}
