import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { projectRoot } from '../setup/local-folder.ts';
import { CliError } from '../terminal/run-cli.ts';
import { type Command, type Shell, shellLine } from './shell.ts';

/** Cloud Build runs ten builds of a new project at once; a person's upload bandwidth suffices for fewer. */
const CONCURRENCY = 4;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the commands in the project's folder. Each is printed to stderr before it starts, and its output when it has
 * ended.
 */
export function runningShell(signal: AbortSignal): Shell {
  const print = (line: string) => void process.stderr.write(`${line}\n`);

  const outcomeOf = async (command: Command): Promise<Outcome> => {
    signal.throwIfAborted();
    const [program = '', ...args] = command;
    const child = spawn(program, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'], signal });
    const ended = once(child, 'close').catch((error) => {
      throw error.code === 'ENOENT' ? new CliError(`${program} is not installed`) : error;
    });
    const [[code], stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  };

  const succeed = async (command: Command): Promise<Outcome> => {
    const outcome = await outcomeOf(command);
    if (outcome.code !== 0) throw new CliError(`${outcome.stderr}failed: ${shellLine(command)}`);
    return outcome;
  };

  const allSucceed = async (checks: readonly Command[]) => {
    for (const check of checks) if ((await outcomeOf(check)).code !== 0) return false;
    return true;
  };

  const run = async (command: Command) => {
    print(`$ ${shellLine(command)}`);
    const { stdout, stderr } = await succeed(command);
    process.stderr.write(`${stderr}${stdout}`);
  };

  return {
    concurrency: CONCURRENCY,
    run,
    read: async (_variable, command) => (await succeed(command)).stdout.trimEnd(),
    show: async (command, render) => void process.stdout.write(await render((await succeed(command)).stdout)),
    async runUnless(check, commands) {
      if (await allSucceed([check])) return print(`nothing to do: ${shellLine(check)}`);
      for (const command of commands) await run(command);
    },
    async requireManualSteps(steps) {
      const lines: string[] = [];
      for (const { when, doneIf, lines: needed } of steps) {
        if ((!when || (await allSucceed([when]))) && !(await allSucceed(doneIf))) lines.push(...needed);
      }
      if (lines.length > 0)
        throw new CliError(`Do this by hand, then run this command again:\n\n${lines.join('\n')}\n`);
    },
    print,
  };
}
