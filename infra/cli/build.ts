import { builtPage, ensurePage } from '../setup/ensure-page.ts';
import { firstLoadBytes } from '../setup/first-load.ts';
import { runCli } from './run-cli.ts';

/** Builds the download center's page, which is to be there before the function is deployed. */
await runCli(async () => {
  await ensurePage();
  const kib = (await firstLoadBytes(builtPage)) / 1024;
  process.stdout.write(`${builtPage}: ${kib.toFixed(0)} KiB to load at first, gzipped\n`);
});
