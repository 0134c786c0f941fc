/** A program and its arguments. */
export type Command = readonly string[];

/** A step that an operator does by hand, as lines for a shell, unless all the checks succeed. */
export interface ManualStep {
  /** If given, the step is needed only where this succeeds. */
  when?: Command;
  doneIf: readonly Command[];
  lines: readonly string[];
}

/** Runs commands, or prints them as a script. The commands are the same in both cases. */
export interface Shell {
  /** How many services may be handled at once. */
  readonly concurrency: number;
  /** Fails if the command does. */
  run(command: Command): Promise<void>;
  /**
   * Resolves to the command's output without the trailing line feed. A printed script assigns it to `variable`, and ends
   * if it is empty and may not be.
   */
  read(variable: string, command: Command, options?: { mayBeEmpty: boolean }): Promise<string>;
  /** Writes the command's output to stdout, as `render` formats it. */
  show(command: Command, render: (output: string) => string | Promise<string>): Promise<void>;
  /** Runs the commands if the check fails. */
  runUnless(check: Command, commands: readonly Command[]): Promise<void>;
  /** Fails with the steps that are still to be done by hand, if there are any. */
  requireManualSteps(steps: readonly ManualStep[]): Promise<void>;
  /** Informs the person at the terminal. */
  print(text: string): void;
}

/**
 * A placeholder for a variable of a printed script, which ends there if the variable is empty and may not be. Arguments
 * contain no NUL otherwise.
 */
export const variableReference = (variable: string, mayBeEmpty = false): string =>
  `\0${variable}${mayBeEmpty ? '-' : ':?'}\0`;

const PLAIN = /^[\w@%+=:,./-]+$/;

/** The command, quoted for a shell. */
export const shellLine = (command: Command): string => command.map(shellWord).join(' ');

function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!text.includes('\0')) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replaceAll(/["\\`$]/g, '\\$&');
  return `"${escaped.replaceAll(/\0(\w+)(:\?|-)\0/g, (_placeholder, variable, ifEmpty) => `\${${variable}${ifEmpty}}`)}"`;
}
