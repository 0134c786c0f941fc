import { mkdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type ServerCommand, type ServerProcess, spawnServer, waitUntilReady } from '../local-servers/spawn-server.ts';
import type { Deployment } from './deployments.ts';

/** The result of building the functions. */
export interface Built {
  /** Contains the node_modules that they need. */
  folder: string;
  /** What the Functions Framework loads: a file, or a folder whose package.json names the file. */
  source: string;
}

/**
 * A deployed function: a process of the Functions Framework. When it ends, it is restarted, as the platform starts a
 * new instance.
 */
export interface FunctionProcess {
  readonly name: string;
  /** The Unix socket on which it listens: a port of the framework would be open to the whole network. */
  readonly socketPath: string;
  /** The current instance's. */
  readonly pid: number;
  /** The log of all its instances. */
  readonly logFile: string;
  /** The command of a further instance that listens on another socket. */
  command(socketPath: string): ServerCommand;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Starts a function. Its log and its temporary files are in `folder`, its socket in `sockets`. */
export async function startFunction(
  { name, target, env }: Deployment,
  { built, folder, sockets }: { built: Built; folder: string; sockets: string },
): Promise<FunctionProcess> {
  const socketPath = join(sockets, `${name}.sock`);
  const logFile = join(folder, `${name}.log`);
  const temporary = join(folder, `${name}.tmp`);
  const command = (path: string): ServerCommand => ({
    // Started by Node directly, so that the process id is the function's.
    command: process.execPath,
    args: [join(built.folder, 'node_modules/.bin/functions-framework'), `--source=${built.source}`, `--port=${path}`],
    env: { PATH: process.env.PATH, NODE_ENV: 'production', TMPDIR: temporary, FUNCTION_TARGET: target, ...env },
    cwd: built.folder,
    logFile,
  });
  const start = async (): Promise<ServerProcess> => {
    // A killed instance leaves its socket behind.
    await rm(socketPath, { force: true });
    // On the platform, an instance's file system ends with the instance.
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    const server = await spawnServer(command(socketPath));
    await waitUntilReady(server, () => canConnect(socketPath));
    return server;
  };

  let running = await start();
  let stopping = false;
  const keepRunning = async () => {
    while (!stopping) {
      await running.exited;
      if (!stopping) running = await start();
    }
  };
  const kept = keepRunning().catch((error) => process.stderr.write(`${name}: ${error.message}\n`));
  return {
    name,
    socketPath,
    logFile,
    command,
    get pid() {
      return running.pid;
    },
    kill: (signal) => running.kill(signal),
    async stop() {
      stopping = true;
      await running.stop(2000);
      await kept;
    },
  };
}

function canConnect(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
