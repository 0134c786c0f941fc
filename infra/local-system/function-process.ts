import { mkdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type ServerProcess, spawnServer, waitUntilReady } from '../local-servers/spawn-server.ts';
import { localFolder, projectRoot } from '../setup/local-folder.ts';
import type { Deployment } from './deployments.ts';

/** Run by node itself, so that its pid is the function's. */
const FRAMEWORK = join(projectRoot, 'node_modules/.bin/functions-framework');

/** What V8 made of the modules at an earlier start: a fifth of the time to start all functions. */
const COMPILE_CACHE = join(localFolder, 'compile-cache');

/** A deployed function: a process of the Functions Framework, started again whenever it ends, as the platform starts a new instance. */
export interface FunctionProcess {
  readonly name: string;
  /** Where it listens: a Unix socket, since the framework would open a port to the whole network. */
  readonly socketPath: string;
  /** Of the instance that runs now. */
  readonly pid: number;
  /** What its instances logged. */
  readonly logFile: string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Its log and its temporary files are in `folder`, its socket in `sockets`. */
export async function startFunction(
  { name, target, env }: Deployment,
  { folder, sockets }: { folder: string; sockets: string },
): Promise<FunctionProcess> {
  const socketPath = join(sockets, `${name}.sock`);
  const logFile = join(folder, `${name}.log`);
  const temporary = join(folder, `${name}.tmp`);
  const start = async (): Promise<ServerProcess> => {
    // An instance that was killed left its socket behind.
    await rm(socketPath, { force: true });
    // The file system of an instance ends with it.
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    const server = await spawnServer({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', FRAMEWORK, `--port=${socketPath}`],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        TMPDIR: temporary,
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        FUNCTION_TARGET: target,
        ...env,
      },
      cwd: projectRoot,
      logFile,
    });
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
