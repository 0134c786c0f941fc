import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ensurePage } from '../page/ensure-page.ts';
import { ensureBrowser, ensureServers } from '../setup/ensure-servers.ts';
import { localFolder, projectRoot } from '../setup/local-folder.ts';
import { SetupError } from '../setup/setup-error.ts';
import { CliError, runCli } from '../terminal/run-cli.ts';
import { runProgram } from '../terminal/run-program.ts';
import { LINT, passes, TYPE_CHECKS } from '../terminal/static-checks.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const NONE: Tally = { passed: 0, failed: 0, skipped: 0 };

const BROWSER_TESTS = 'test/browser';

/**
 * Jest's projects, one after the other. Tests of several files at a time delay one another by a second now and then, so
 * those that assert a duration run with nothing beside them.
 */
const RUNS = [
  ['--selectProjects', 'concurrent'],
  ['--runInBand', '--selectProjects', 'timed'],
];

/**
 * Installs what is missing, then runs the static checks, each of which counts as one test, and Jest, to which the
 * arguments go. The last line is `N passed, N failed`, with `, N skipped` if any were skipped.
 */
await runCli(async (signal) => {
  await ensureServers();
  // Once, and not in every test that starts a system.
  await ensurePage();
  const tally = { ...NONE };
  const withoutBrowser = await missingBrowser();
  if (withoutBrowser !== undefined) {
    process.stderr.write(`${withoutBrowser}\nThe tests in a browser are skipped, each file counting as one.\n`);
    tally.skipped += (await readdir(join(projectRoot, BROWSER_TESTS))).length;
  }
  for (const check of [...TYPE_CHECKS, LINT]) {
    process.stdout.write(`${check.name} ...\n`);
    tally[(await passes(check, signal)) ? 'passed' : 'failed']++;
  }
  const ignored = withoutBrowser === undefined ? [] : [`--testPathIgnorePatterns=${BROWSER_TESTS}/`];
  const tests = { ...NONE };
  for (const run of RUNS) {
    // The arguments first: an option that takes several values would take them for its own.
    add(tests, await runJest([...process.argv.slice(2), ...ignored, ...run], signal));
  }
  if (isDeepStrictEqual(tests, NONE)) throw new CliError('no tests found');
  add(tally, tests);
  const { passed, failed, skipped } = tally;
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  // The failures have been printed: no message is to follow the last line.
  if (failed > 0) process.exit(1);
});

function add(tally: Tally, other: Tally): void {
  for (const key of ['passed', 'failed', 'skipped'] as const) tally[key] += other[key];
}

/** The reason why there is no browser, if there is none. With REQUIRE_BROWSER=1 that is an error instead. */
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
    const line = [...flags, jest, ...args, '--passWithNoTests', '--json', `--outputFile=${results}`];
    // Jest reports on stderr; on stdout is the JSON, once more.
    await runProgram(process.execPath, line, { signal, quiet: true });
    const summary = JSON.parse(await readFile(results, 'utf8').catch(() => '{}'));
    if (summary.numTotalTests === undefined) throw new CliError('jest ended without results');
    return {
      passed: summary.numPassedTests,
      // A file that fails to load, or leaks so that Jest gives up on it, counts as failed.
      failed: summary.numFailedTests + summary.numRuntimeErrorTestSuites,
      skipped: summary.numPendingTests + summary.numTodoTests,
    };
  } finally {
    await rm(results, { force: true });
  }
}
