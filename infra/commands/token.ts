import { parseArgs } from 'node:util';
import { findRunningSystem } from '../local-system/running-system.ts';
import { personOf, personOptions } from '../terminal/person-options.ts';
import { runCli } from '../terminal/run-cli.ts';

/** `npm run token -- --admin 7 --department 3 [--role …]` prints a development token of the running system's issuer. */
await runCli(async () => {
  const { values } = parseArgs({ options: personOptions });
  const system = await findRunningSystem();
  process.stdout.write(`${await system.token(personOf(values))}\n`);
});
