import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type AddressInfo, createServer, connect as createSocket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { ensureServers } from '../setup/ensure-servers.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { startMariaDb } from './mariadb.ts';
import { createDataFolder, dataFolderOptions } from './mariadb-template.ts';
import { startRedis } from './redis.ts';
import { type RunFolder, runFolder } from './run-folder.ts';

let folder: RunFolder;
let servers: LocalServer[];
beforeEach(async () => {
  folder = await runFolder('test');
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await folder.remove();
});

const path = (name: string) => join(folder.path, name);

function stopAfterwards<Started extends LocalServer>(server: Started): Started {
  servers.push(server);
  return server;
}

describe('a local MariaDB', () => {
  it('keeps its port and committed data when it is killed and restarted', async () => {
    const mariaDb = stopAfterwards(await startMariaDb({ dir: path('mariadb') }));
    const { port, pid } = mariaDb;
    await mariaDb.sql('CREATE DATABASE shop');
    await mariaDb.sql('CREATE TABLE shop.orders (id BIGINT UNSIGNED PRIMARY KEY, note TEXT, at DATETIME(3)) ');
    const order = { id: '18446744073709551615', note: '恭喜 🧧', at: '2026-01-01 00:00:00.120' };
    await mariaDb.sql('INSERT INTO shop.orders VALUES (?, ?, ?)', Object.values(order));

    mariaDb.kill('SIGKILL');
    await untilTrue(() =>
      connect(port).then(
        () => false,
        () => true,
      ),
    );
    await mariaDb.restart();
    expect(mariaDb.port).toBe(port);
    expect(mariaDb.pid).not.toBe(pid);
    expect(await mariaDb.sql('SELECT * FROM shop.orders')).toEqual([order]);
  });

  it('rejects logins without the password, and lets a login kill its own queries', async () => {
    const mariaDb = stopAfterwards(await startMariaDb({ dir: path('mariadb') }));
    const { host, port } = mariaDb;
    await expect(createConnection({ host, port, user: 'root' })).rejects.toMatchObject({
      code: 'ER_ACCESS_DENIED_ERROR',
    });

    await mariaDb.sql("CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'secret'");
    const login = { host, port, user: 'reader', password: 'secret' };
    const [working, killing] = await Promise.all([createConnection(login), createConnection(login)]);
    const query = expect(working.query('SELECT SLEEP(60)')).rejects.toMatchObject({ code: 'ER_QUERY_INTERRUPTED' });
    await untilTrue(async () =>
      (await mariaDb.sql('SHOW PROCESSLIST')).some(({ Info }) => `${Info}`.includes('SLEEP(60)')),
    );
    await killing.query(`KILL QUERY ${working.threadId}`);
    await query;
    await Promise.all([working.end(), killing.end()]);
  });

  it('removes its folder when stopped', async () => {
    const mariaDb = await startMariaDb({ dir: path('mariadb') });
    await mariaDb.stop();
    await mariaDb.stop();
    expect(existsSync(path('mariadb'))).toBe(false);
  });

  it('copies its data folder from a template, which two processes may create at the same time', async () => {
    const programs = await ensureServers();
    const make = (name: string) => createDataFolder(programs, path(name), path('templates'));
    await Promise.all([make('one'), make('two')]);
    expect((await readdir(folder.path)).sort()).toEqual(['one', 'templates', 'two']);
    expect(await readdir(path('templates'))).toHaveLength(1);
    expect(await readdir(path('one'))).toEqual(await readdir(path('two')));
  });
});

describe('a local Redis', () => {
  it('is empty after a flush and after a restart', async () => {
    const redis = stopAfterwards(await startRedis({ dir: path('redis') }));
    const client = new Redis(redis.url);
    try {
      await client.set('key', 'value');
      await redis.flush();
      expect(await client.get('key')).toBeNull();
      await client.set('key', 'value');
      await redis.restart();
      expect(await client.get('key')).toBeNull();
    } finally {
      client.disconnect();
    }
  });

  it('rejects clients without the password', async () => {
    const redis = stopAfterwards(await startRedis({ dir: path('redis') }));
    const client = new Redis(redis.port, redis.host, { maxRetriesPerRequest: 0 });
    const refused = once(client, 'error');
    await expect(client.get('key')).rejects.toThrow();
    expect(String(await refused)).toMatch(/NOAUTH/);
    client.disconnect();
  });
});

describe('a server whose port was taken meanwhile takes another', () => {
  it.each(['redis-server', 'mariadbd'] as const)('%s', async (name) => {
    const programs = await ensureServers();
    const taken = createServer().listen(0, '127.0.0.1');
    await untilTrue(async () => taken.listening);
    await createDataFolder(programs, path('data'));
    const argsOn = {
      'redis-server': (port: number) => ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''],
      mariadbd: (port: number) => [
        ...dataFolderOptions,
        `--datadir=${path('data')}`,
        `--tmpdir=${folder.path}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--socket=mariadb.sock',
      ],
    }[name];

    const tried: number[] = [];
    const server = stopAfterwards(
      await startLocalServer({
        dir: path('server'),
        command(port) {
          const first = tried.push(port) === 1;
          const args = argsOn(first ? (taken.address() as AddressInfo).port : port);
          return { command: programs[name], args, cwd: folder.path, logFile: path('log') };
        },
        probe: (port) => connect(port),
      }),
    );
    expect(tried).toHaveLength(2);
    expect(server.port).toBe(tried[1]);
    taken.close();
  });
});

/** Resolves if a server listens on the port, and rejects otherwise. */
async function connect(port: number): Promise<void> {
  const socket = createSocket({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 10 s');
    await sleep(10);
  }
}
