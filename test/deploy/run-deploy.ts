import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../../infra/setup/local-folder.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program in the project's folder, with this environment and no other. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  input = '',
): Promise<Ended> {
  const child = spawn(program, args, { cwd: projectRoot, env });
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** The command behind `npm run deploy -- …`. */
export function runDeploy(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const command = join(projectRoot, 'infra/cli/deploy.ts');
  return runProgram(process.execPath, ['--disable-warning=ExperimentalWarning', command, ...args], env);
}
