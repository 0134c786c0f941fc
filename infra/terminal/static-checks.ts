import { join } from 'node:path';
import { projectRoot } from '../setup/local-folder.ts';
import { CliError } from './run-cli.ts';
import { runProgram } from './run-program.ts';

/** A check of the sources by a program of node_modules. */
export interface StaticCheck {
  name: string;
  program: string;
  args: readonly string[];
}

export const TYPE_CHECKS: readonly StaticCheck[] = [
  { name: 'type check', program: 'tsc', args: [] },
  { name: 'type check of the page', program: 'tsc', args: ['--project', 'functions/download-center/page'] },
];

export const LINT: StaticCheck = {
  name: 'lint and format check',
  program: 'biome',
  args: ['ci', '--colors=off', '.'],
};

export function passes({ program, args }: StaticCheck, signal: AbortSignal): Promise<boolean> {
  return runProgram(join(projectRoot, 'node_modules/.bin', program), args, { signal });
}

/** Runs every check, and throws if one failed. */
export async function requirePassing(checks: readonly StaticCheck[], signal: AbortSignal): Promise<void> {
  const failed: string[] = [];
  for (const check of checks) if (!(await passes(check, signal))) failed.push(check.name);
  if (failed.length > 0) throw new CliError(`failed: ${failed.join(', ')}`);
}
