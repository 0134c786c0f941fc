import { runCli } from '../terminal/run-cli.ts';
import { requirePassing, TYPE_CHECKS } from '../terminal/static-checks.ts';

/** Checks the types of everything, the page included. */
await runCli((signal) => requirePassing(TYPE_CHECKS, signal));
