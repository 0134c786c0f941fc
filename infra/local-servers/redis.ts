import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ensureServers } from '../setup/ensure-servers.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

export interface LocalRedis extends LocalServer {
  /** With the password. */
  readonly url: string;
  /** Forgets everything, as a failed-over cache would. */
  flush(): Promise<void>;
}

/** Starts a Redis of its own in `dir`. It keeps nothing on disk, so a restart empties it. */
export async function startRedis({ dir }: { dir: string }): Promise<LocalRedis> {
  const { 'redis-server': redisServer } = await ensureServers();
  const password = randomBytes(24).toString('base64url');
  const configuration = join(dir, 'redis.conf');
  await mkdir(dir, { recursive: true });
  // In a file and not among the arguments, which every user of the machine can read.
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

/** One conversation on a connection of its own. */
async function ask<Answer>(url: string, conversation: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: 2000,
    commandTimeout: 10_000,
  });
  redis.on('error', () => undefined); // also given to whoever awaits below
  try {
    await redis.connect();
    return await conversation(redis);
  } finally {
    // Disconnecting what has ended already would keep the process for ioredis's disconnectTimeout.
    if (redis.status !== 'end') redis.disconnect();
  }
}
