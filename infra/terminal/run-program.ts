import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '../setup/local-folder.ts';

/**
 * Runs a program in the project's folder and resolves to whether it succeeded. Its output goes to stderr, or nowhere
 * if `quiet`: stdout is for a command's result.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { signal, quiet = false }: { signal: AbortSignal; quiet?: boolean },
): Promise<boolean> {
  const child = spawn(program, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] });
  if (quiet) child.stdout.resume();
  else child.stdout.pipe(process.stderr);
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return code === 0;
}
