import { runCli } from '../terminal/run-cli.ts';
import { LINT, requirePassing } from '../terminal/static-checks.ts';

/** Checks style and format, without changing a file. */
await runCli((signal) => requirePassing([LINT], signal));
