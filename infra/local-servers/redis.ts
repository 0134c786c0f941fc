import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ensureServers } from '../setup/ensure-servers.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

export interface LocalRedis extends LocalServer {
  /** Includes the password. */
  readonly url: string;
  /** Deletes all data, as a failover of a cache may. */
  flush(): Promise<void>;
}

/** Starts a Redis in `dir`. It persists nothing, so a restart empties it. */
export async function startRedis({ dir }: { dir: string }): Promise<LocalRedis> {
  const { 'redis-server': redisServer } = await ensureServers();
  const password = randomBytes(24).toString('base64url');
  const configuration = join(dir, 'redis.conf');
  await mkdir(dir, { recursive: true });
  // In a file, since every user of the machine can read the arguments.
  await writeFile(configuration, `requirepass ${password}\n`, { mode: 0o600 });

  const urlOf = (port: number) => `redis://:${password}@127.0.0.1:${port}`;
  const server = await startLocalServer({
    dir,
    command: (port) => ({
      command: redisServer,
      args: [configuration, ...['--port', `${port}`], ...['--bind', '127.0.0.1'], ...['--dir', dir], ...['--save', '']],
      logFile: join(dir, 'redis.log'),
    }),
    probe: (port) => ask(urlOf(port), (redis) => redis.ping()),
  });
  const url = urlOf(server.port);
  return Object.assign(server, { url, flush: () => ask(url, async (redis) => void (await redis.flushall())) });
}

/** Runs `conversation` on a new connection. */
async function ask<Answer>(url: string, conversation: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: 2000,
    commandTimeout: 10_000,
  });
  redis.on('error', () => undefined); // the awaits below reject with it, too
  try {
    await redis.connect();
    return await conversation(redis);
  } finally {
    // Disconnecting an ended connection would keep the process alive for ioredis's disconnectTimeout.
    if (redis.status !== 'end') redis.disconnect();
  }
}
