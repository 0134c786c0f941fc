import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../infra/setup/local-folder.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  process: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts a program with this environment and no other variables, in the project's folder by default. */
function startProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd = projectRoot,
): Started {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const close = once(child, 'close') as Promise<[number | null]>;
  const ended = Promise.all([text(child.stdout), text(child.stderr), close]).then(
    ([stdout, stderr, [code]]): Ended => ({ code, stdout, stderr }),
  );
  return { process: child, ended };
}

export const runProgram = (...call: Parameters<typeof startProgram>): Promise<Ended> => startProgram(...call).ended;

/** Starts the command behind `npm run deploy -- …`. */
export function startDeploy(args: readonly string[], env: Record<string, string> = {}): Started {
  const command = join(projectRoot, 'infra/commands/deploy.ts');
  return startProgram(process.execPath, ['--disable-warning=ExperimentalWarning', command, ...args], env);
}

export const runDeploy = (...call: Parameters<typeof startDeploy>): Promise<Ended> => startDeploy(...call).ended;
