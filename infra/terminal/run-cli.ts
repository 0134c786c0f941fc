import { ProblemError } from '../../shared/api-client/problem-error.ts';
import { SetupError } from '../setup/setup-error.ts';

/** An error that the person at the terminal can correct: its message is printed without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/**
 * Runs a command. Its signal aborts on SIGINT, SIGTERM or SIGHUP; the command then cleans up as after any failure. The
 * exit code is 0 on success, 130 after an interruption, and 1 on failure.
 */
export async function runCli(command: (signal: AbortSignal) => Promise<void>): Promise<never> {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort());
  try {
    await command(interruption.signal);
    process.exit(0);
  } catch (error) {
    if (interruption.signal.aborted) process.exit(130);
    const plain =
      error instanceof CliError ||
      error instanceof SetupError ||
      error instanceof ProblemError ||
      isArgumentError(error);
    process.stderr.write(`${plain ? error.message : error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  }
}

/** Parses the value of an option that takes a whole number. */
export function wholeNumber(option: string, text: string, largest = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number <= largest) return number;
  throw new CliError(
    `${option} takes a whole number${largest < Number.MAX_SAFE_INTEGER ? ` up to ${largest}` : ''}, not ${text}`,
  );
}

/** Parses the value of an option that takes JSON. */
export function jsonOption(option: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError(`${option} is not JSON: ${(error as Error).message}`);
  }
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
