import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
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

const BROWSER_TESTS = 'test/browser';

/**
 * Installs what is missing, then runs the static checks, each of which counts as one test, and Jest, to which the
 * arguments go. The last line is `N passed, N failed`, with `, N skipped` if any were skipped.
 */
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
  for (const check of [...TYPE_CHECKS, LINT]) {
    process.stdout.write(`${check.name} ...\n`);
    tally[(await passes(check, signal)) ? 'passed' : 'failed']++;
  }
  const ignored = withoutBrowser === undefined ? [] : [`--testPathIgnorePatterns=${BROWSER_TESTS}/`];
  const tests = await runJest([...ignored, ...process.argv.slice(2)], signal);
  for (const key of ['passed', 'failed', 'skipped'] as const) tally[key] += tests[key];
  const { passed, failed, skipped } = tally;
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  // The failures have been printed: no message is to follow the last line.
  if (failed > 0) process.exit(1);
});

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
    const line = [...flags, jest, '--json', `--outputFile=${results}`, ...args];
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
