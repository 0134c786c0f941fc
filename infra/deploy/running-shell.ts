import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { CliError } from '../cli/run-cli.ts';
import { projectRoot } from '../setup/local-folder.ts';
import { type Command, type Shell, shellLine } from './shell.ts';

/** Cloud Build runs ten builds of a new project at once, and a person's upload line fewer. */
const WIDTH = 4;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the commands in the project's folder, showing each on stderr before it begins and what it said when it has ended. */
export function runningShell(signal: AbortSignal): Shell {
  const say = (line: string) => void process.stderr.write(`${line}\n`);

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
    say(`$ ${shellLine(command)}`);
    const { stdout, stderr } = await succeed(command);
    process.stderr.write(`${stderr}${stdout}`);
  };

  return {
    width: WIDTH,
    run,
    read: async (_variable, command) => (await succeed(command)).stdout.trimEnd(),
    show: async (command, render) => void process.stdout.write(await render((await succeed(command)).stdout)),
    async unless(check, commands) {
      if (await allSucceed([check])) return say(`nothing to do: ${shellLine(check)}`);
      for (const command of commands) await run(command);
    },
    async byHand(steps) {
      const lines: string[] = [];
      for (const { when, unless, lines: needed } of steps) {
        if ((!when || (await allSucceed([when]))) && !(await allSucceed(unless))) lines.push(...needed);
      }
      if (lines.length > 0) throw new CliError(`By hand now, and then this command again:\n\n${lines.join('\n')}\n`);
    },
    say,
  };
}
