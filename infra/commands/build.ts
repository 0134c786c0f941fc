import { readFile, writeFile } from 'node:fs/promises';
import { tableManifest, tableManifestFile } from '../codegen/table-manifest.ts';
import { renderModuleTables, terraformReadme } from '../codegen/terraform-readme.ts';
import { builtPage, ensurePage } from '../page/ensure-page.ts';
import { firstLoadBytes } from '../page/first-load.ts';
import { runCli } from '../terminal/run-cli.ts';

/**
 * Builds the download center's page, which a deployment of its function needs, and generates the manifest of tables for
 * Terraform and the module tables of terraform/README.md.
 */
await runCli(async () => {
  await writeFile(tableManifestFile, await tableManifest());
  await writeFile(terraformReadme, await renderModuleTables(await readFile(terraformReadme, 'utf8')));
  await ensurePage();
  const kib = (await firstLoadBytes(builtPage)) / 1024;
  process.stdout.write(`${builtPage}: ${kib.toFixed(0)} KiB to load at first, gzipped\n`);
});
