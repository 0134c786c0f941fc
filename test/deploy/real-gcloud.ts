import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { findProgram } from '../../infra/setup/find-program.ts';
import { type Ended, runProgram } from './run-deploy.ts';

const program = findProgram('gcloud');
const isRequired = process.env.REQUIRE_GCLOUD === '1';
if (!program && !isRequired)
  process.stderr.write('Skipped: what gcloud itself says of the deployment; it is not installed.\n');

/**
 * Skips the tests, and counts them as skipped, if gcloud is not installed. With REQUIRE_GCLOUD=1, that is a failure.
 */
export const describeWithGcloud = program || isRequired ? describe : describe.skip;

export interface RealGcloud extends AsyncDisposable {
  /** Runs gcloud without an account, so that it ends where it would first access another machine. */
  run(args: readonly string[]): Promise<Ended>;
}

export async function realGcloud(): Promise<RealGcloud> {
  if (!program) throw new Error('REQUIRE_GCLOUD is 1, but gcloud is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'gcloud-'));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    CLOUDSDK_CONFIG: folder,
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    // Otherwise gcloud looks for the account of a Google Cloud machine.
    CLOUDSDK_CORE_CHECK_GCE_METADATA: '0',
  };
  return {
    run: (args) => runProgram(program, args, env),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
