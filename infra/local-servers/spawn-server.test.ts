import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunFolder, runFolder } from './run-folder.ts';
import { type ServerProcess, spawnServer, waitUntilReady } from './spawn-server.ts';

let folder: RunFolder;
let servers: ServerProcess[];
beforeEach(async () => {
  folder = await runFolder('test');
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop(0)));
  await folder.remove();
});

const logFile = () => join(folder.path, 'server.log');

async function start(script: string, env: NodeJS.ProcessEnv = process.env): Promise<ServerProcess> {
  const server = await spawnServer({ command: 'sh', args: ['-c', script], env, cwd: folder.path, logFile: logFile() });
  servers.push(server);
  return server;
}

const hasPrinted = (text: string) => async () => {
  if (!readFileSync(logFile(), 'utf8').includes(text)) throw new Error('not yet');
};

describe('spawnServer', () => {
  it('runs the command in its folder and environment, and logs its output', async () => {
    const server = await start('echo "$GREETING from $PWD"; echo problem >&2; exit 3', {
      ...process.env,
      GREETING: 'hello',
    });
    expect(await server.exited).toEqual({ code: 3, signal: null });
    expect(server.logTail()).toBe(`hello from ${folder.path}\nproblem\n`);
  });

  it('stops a server by SIGTERM', async () => {
    const server = await start('trap "exit 0" TERM; echo up; while :; do sleep 0.01; done');
    await waitUntilReady(server, hasPrinted('up'));
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  it('stops a server that ignores SIGTERM by SIGKILL after the grace period', async () => {
    const server = await start('trap "" TERM; echo up; while :; do sleep 0.01; done');
    await waitUntilReady(server, hasPrinted('up'));
    expect(await server.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await server.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('waitUntilReady', () => {
  it('rejects with the end of the log as soon as the server ends', async () => {
    const server = await start('echo "cannot open the data folder"; exit 7');
    const never = () => Promise.reject(new Error('no answer'));
    await expect(waitUntilReady(server, never)).rejects.toThrow(/ended with code 7; .*\ncannot open the data folder/);
  });

  it('rejects at the deadline', async () => {
    const server = await start('echo thinking; exec sleep 60');
    const never = () => Promise.reject(new Error('no answer'));
    await expect(waitUntilReady(server, never, 100)).rejects.toThrow(/no answer within 100 ms/);
  });
});

const linux = process.platform === 'linux' ? it : it.skip;

linux('MariaDB and Redis end with a parent that is killed outright', async () => {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url));
  const script = `
    import { startMariaDb } from ${module('./mariadb.ts')};
    import { startRedis } from ${module('./redis.ts')};
    const dir = process.cwd();
    const servers = [await startMariaDb({ dir: dir + '/mariadb' }), await startRedis({ dir: dir + '/redis' })];
    process.stdout.write(JSON.stringify(servers.map(({ pid }) => pid)));
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await once(parent.stdout, 'data');
  const pids: number[] = JSON.parse(printed);
  expect(pids.map(isRunning)).toEqual([true, true]);

  parent.kill('SIGKILL');
  const deadline = Date.now() + 10_000;
  while (pids.some(isRunning) && Date.now() < deadline) await sleep(20);
  expect(pids.map(isRunning)).toEqual([false, false]);
});

/** Whether the process exists and is not a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
