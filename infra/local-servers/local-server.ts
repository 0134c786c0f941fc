import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { type ServerCommand, ServerNotReady, type ServerProcess, spawnServer, waitUntilReady } from './spawn-server.ts';

/** A server on a private loopback port, which it keeps over restarts. */
export interface LocalServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The current process's. */
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Stops the process if it still runs, starts it with the same port and data folder, and waits until it answers. */
  restart(): Promise<void>;
  /** Kills it and removes its folder. May be called again. */
  stop(): Promise<void>;
}

export interface LocalServerOptions {
  /** Removed by `stop`. */
  readonly dir: string;
  readonly command: (port: number) => ServerCommand;
  /** Resolves when this server answers on `port`; another may have taken the port, which must not count. */
  readonly probe: (port: number) => Promise<unknown>;
}

export async function startLocalServer({ dir, command, probe }: LocalServerOptions): Promise<LocalServer> {
  let [port, running] = await startOnFreePort(5);

  async function startOnFreePort(attempts: number): Promise<[number, ServerProcess]> {
    const free = await findFreePort();
    try {
      return [free, await start(free)];
    } catch (error) {
      // Another process may have taken the port since.
      const taken = error instanceof ServerNotReady && /address already in use/i.test(error.message);
      if (taken && attempts > 1) return startOnFreePort(attempts - 1);
      throw error;
    }
  }

  async function start(onPort: number): Promise<ServerProcess> {
    const server = await spawnServer(command(onPort));
    try {
      await waitUntilReady(server, () => probe(onPort));
    } catch (error) {
      await server.stop(0);
      throw error;
    }
    return server;
  }

  return {
    host: '127.0.0.1',
    port,
    get pid() {
      return running.pid;
    },
    kill: (signal) => running.kill(signal),
    async restart() {
      await running.stop();
      running = await start(port);
    },
    async stop() {
      await running.stop(0);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
