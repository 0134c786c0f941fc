import { type Command, readEarlier, type Shell, shellLine } from './shell.ts';

/** Runs nothing: writes a shell script that does the same. */
export function printingShell(write: (text: string) => void): Shell {
  const line = (text: string) => write(`${text}\n`);
  const block = (checks: readonly Command[], lines: readonly string[]) =>
    line(`${checks.map(shellLine).join(' &&\n')} || {\n${lines.map((text) => `  ${text}\n`).join('')}}`);
  return {
    // A script is read from top to bottom.
    width: 1,
    run: async (command) => line(shellLine(command)),
    async read(variable, command) {
      line(`${variable}=$(${shellLine(command)})`);
      return readEarlier(variable);
    },
    show: async (command) => line(shellLine(command)),
    unless: async (check, commands) => block([check], commands.map(shellLine)),
    async byHand(steps) {
      for (const { when, unless, lines } of steps) {
        if (when) line(`if ${shellLine(when)}; then`);
        block(unless, lines);
        if (when) line('fi');
      }
    },
    say: (text) => line(`# ${text}`),
  };
}
