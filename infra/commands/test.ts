import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePage } from '../page/ensure-page.ts';
import { ensureBrowser, ensureServers } from '../setup/ensure-servers.ts';
import { localFolder, projectRoot } from '../setup/local-folder.ts';
import { SetupError } from '../setup/setup-error.ts';
import { CliError, runCli } from '../terminal/run-cli.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const BROWSER_TESTS = 'test/browser';

/** Each counts as one test. */
const CHECKS: [name: string, program: string, args: string[]][] = [
  ['type check', 'tsc', []],
  ['type check of the page', 'tsc', ['--project', 'functions/download-center/page']],
  ['lint and format check', 'biome', ['ci', '--colors=off', '.']],
];

/** Sets up, checks and tests everything; arguments go to jest. The last line is `N passed, N failed`, with `, N skipped` if any were. */
await runCli(async (signal) => {
  await ensureServers();
  // Once, and not in every test that starts a system.
  await ensurePage();
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  const withoutBrowser = await missingBrowser();
  if (withoutBrowser !== undefined) {
    process.stderr.write(`${withoutBrowser}\nThe tests in a browser are skipped, each file counting as one.\n`);
    tally.skipped += (await readdir(join(projectRoot, BROWSER_TESTS))).length;
  }
  for (const [name, program, args] of CHECKS) {
    process.stdout.write(`${name} ...\n`);
    tally[(await run(join(projectRoot, 'node_modules/.bin', program), args, signal)) ? 'passed' : 'failed']++;
  }
  const ignored = withoutBrowser === undefined ? [] : [`--testPathIgnorePatterns=${BROWSER_TESTS}/`];
  const tests = await runJest([...ignored, ...process.argv.slice(2)], signal);
  for (const key of ['passed', 'failed', 'skipped'] as const) tally[key] += tests[key];
  const { passed, failed, skipped } = tally;
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  // Everything has been said.
  if (failed > 0) process.exit(1);
});

/** Why there is no browser; a failure instead where REQUIRE_BROWSER is 1. */
async function missingBrowser(): Promise<string | undefined> {
  try {
    await ensureBrowser();
    return undefined;
  } catch (error) {
    if (!(error instanceof SetupError) || process.env.REQUIRE_BROWSER === '1') throw error;
    return error.message;
  }
}

async function runJest(args: string[], signal: AbortSignal): Promise<Tally> {
  const results = join(localFolder, `test-results-${process.pid}.json`);
  await mkdir(localFolder, { recursive: true });
  const jest = join(projectRoot, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  try {
    await run(process.execPath, [...flags, jest, '--json', `--outputFile=${results}`, ...args], signal);
    const summary = JSON.parse(await readFile(results, 'utf8').catch(() => '{}'));
    if (summary.numTotalTests === undefined) throw new CliError('jest ended without results');
    return {
      passed: summary.numPassedTests,
      // A file that does not even load, or leaks so that jest gives up on it, has failed.
      failed: summary.numFailedTests + summary.numRuntimeErrorTestSuites,
      skipped: summary.numPendingTests + summary.numTodoTests,
    };
  } finally {
    await rm(results, { force: true });
  }
}

/** Whether the program ended well. What it says goes to stderr: stdout is for the tally. */
async function run(program: string, args: string[], signal: AbortSignal): Promise<boolean> {
  const child = spawn(program, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] });
  if (!args.includes('--json')) child.stdout.pipe(process.stderr);
  else child.stdout.resume();
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return code === 0;
}
