import { type Command, type Shell, shellLine, variableReference } from './shell.ts';

/**
 * Runs nothing, but writes a script that does the same under `bash -e`, except that it ends at the first failure, where
 * the command goes on with the other services.
 */
export function printingShell(write: (text: string) => void): Shell {
  const line = (text: string) => write(`${text}\n`);
  const block = (checks: readonly Command[], lines: readonly string[]) =>
    line(`${checks.map(shellLine).join(' &&\n')} || {\n${lines.map((text) => `  ${text}\n`).join('')}}`);
  return {
    // A script is sequential.
    concurrency: 1,
    run: async (command) => line(shellLine(command)),
    async read(variable, command, options) {
      line(`${variable}=$(${shellLine(command)})`);
      return variableReference(variable, options?.mayBeEmpty);
    },
    show: async (command) => line(shellLine(command)),
    runUnless: async (check, commands) => block([check], commands.map(shellLine)),
    async requireManualSteps(steps) {
      for (const { when, doneIf, lines } of steps) {
        if (when) line(`if ${shellLine(when)}; then`);
        block(doneIf, lines);
        if (when) line('fi');
      }
    },
    print: (text) => line(`# ${text}`),
  };
}
