/** A program and its arguments. */
export type Command = readonly string[];

/** What an operator does by hand, unless all checks succeed: lines for a shell. */
export interface ManualStep {
  /** It is to be done only if this succeeds. */
  when?: Command;
  unless: readonly Command[];
  lines: readonly string[];
}

/** Where the commands go: they are run, or they are printed. What they are does not depend on it. */
export interface Shell {
  /** How many things may be done at once. */
  readonly width: number;
  /** Fails if the command does. */
  run(command: Command): Promise<void>;
  /** What the command says, without the last line feed. `variable` is what a printed script calls it. */
  read(variable: string, command: Command): Promise<string>;
  /** Writes to stdout what `render` makes of what the command says. */
  show(command: Command, render: (output: string) => string | Promise<string>): Promise<void>;
  /** Runs the commands if the check fails. */
  unless(check: Command, commands: readonly Command[]): Promise<void>;
  /** Fails with what is still to be done by hand. */
  byHand(steps: readonly ManualStep[]): Promise<void>;
  /** Tells the person at the terminal. */
  say(text: string): void;
}

/** Stands for what an earlier line of a printed script has read. No argument has a NUL of its own. */
export const readEarlier = (variable: string): string => `\0${variable}\0`;

const PLAIN = /^[\w@%+=:,./-]+$/;

/** The command as one pastes it. */
export const shellLine = (command: Command): string => command.map(shellWord).join(' ');

function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!text.includes('\0')) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replaceAll(/["\\`$]/g, '\\$&');
  return `"${escaped.replaceAll(/\0(\w+)\0/g, (_placeholder, variable) => `\${${variable}:?}`)}"`;
}
