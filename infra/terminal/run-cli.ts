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
    process.stderr.write(`${describe(error)}\n`);
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

function describe(error: unknown): string {
  const isPlain =
    error instanceof CliError || error instanceof SetupError || error instanceof ProblemError || isArgumentError(error);
  if (isPlain) return error.message;
  if (isConnectionError(error)) return `no connection: ${error.cause.message || error.cause.code}`;
  return (error instanceof Error && error.stack) || String(error);
}

/** Whether `fetch` got no answer. Its own message does not say why. */
function isConnectionError(error: unknown): error is Error & { cause: { message: string; code?: string } } {
  return error instanceof TypeError && error.message === 'fetch failed' && error.cause instanceof Error;
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
