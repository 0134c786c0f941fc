import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The server's output is appended to it. Its folder must exist. */
  readonly logFile: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server as a child process. */
export interface ServerProcess {
  readonly pid: number;
  /** Never rejects. */
  readonly exited: Promise<Exit>;
  /** Does nothing once the process has ended, so it never signals another process of the same id. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after `graceMs` (default 5,000; 0 kills at once). Resolves when the process is gone. */
  stop(graceMs?: number): Promise<Exit>;
  /** The last lines of its output, for error messages. */
  logTail(): string;
}

/** A server that ended before it answered, or did not answer in time. */
export class ServerNotReady extends Error {
  override readonly name = 'ServerNotReady';
}

/**
 * Starts a server that cannot outlive this process: on Linux the kernel kills it when this process ends, however it
 * ends. Elsewhere only `stop` ends it. Rejects if the command cannot be started.
 */
export async function spawnServer({ command, args, env, cwd, logFile }: ServerCommand): Promise<ServerProcess> {
  const log = await open(logFile, 'a');
  const [program, ...line] = [...killedWithParent(), command, ...args] as [string, ...string[]];
  const child = spawn(program, line, { env, cwd, stdio: ['ignore', log.fd, log.fd] });
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  try {
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  return {
    pid: child.pid as number,
    exited,
    kill: (signal) => void child.kill(signal),
    async stop(graceMs = 5000) {
      child.kill(graceMs > 0 ? 'SIGTERM' : 'SIGKILL');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      return exited.finally(() => clearTimeout(timer));
    },
    logTail: () => readFileSync(logFile, 'utf8').split('\n').slice(-20).join('\n'),
  };
}

/**
 * Resolves once `probe` resolves, which is retried until `deadlineMs` have passed; `probe` must settle by itself.
 * Rejects with ServerNotReady at the deadline, or as soon as the server ends, with the end of the log in the message.
 */
export async function waitUntilReady(
  server: ServerProcess,
  probe: () => Promise<unknown>,
  deadlineMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  let ended: Exit | undefined;
  void server.exited.then((exit) => {
    ended = exit;
  });
  for (;;) {
    const failure = await probe().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (ended)
      throw new ServerNotReady(`ended with ${ended.signal ?? `code ${ended.code}`}; its log:\n${server.logTail()}`);
    if (failure === undefined) return;
    if (Date.now() > deadline) {
      throw new ServerNotReady(`no answer within ${deadlineMs} ms; its log:\n${server.logTail()}`, { cause: failure });
    }
    await sleep(20);
  }
}

let prefix: readonly string[] | undefined;

/** The kernel sends the signal when the spawning thread ends: here the main thread, which ends with its process. */
function killedWithParent(): readonly string[] {
  const setpriv = ['setpriv', '--pdeathsig', 'KILL'];
  prefix ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0 ? setpriv : [];
  return prefix;
}
