import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { tableManifest, tableManifestFile } from '../../infra/codegen/table-manifest.ts';
import { renderModuleTables, terraformReadme } from '../../infra/codegen/terraform-readme.ts';

it('Terraform’s manifest of the tables is as the build makes it', async () => {
  expect(await readFile(tableManifestFile, 'utf8')).toBe(await tableManifest());
});

it('the page’s tables of inputs and outputs are as the build makes them', async () => {
  const page = await readFile(terraformReadme, 'utf8');
  expect(page).toBe(await renderModuleTables(page));
  expect(page).toContain('| `project_id` |');
});

it('a table that lacks an input is made anew', async () => {
  const page = await readFile(terraformReadme, 'utf8');
  const outdated = page.replace(/^\| `project_id` .*\n/m, '');
  expect(outdated).not.toBe(page);
  expect(await renderModuleTables(outdated)).toBe(page);
});

it('what each module takes and gives is described, and sorted by name', async () => {
  const page = await readFile(terraformReadme, 'utf8');
  const tables = [...page.matchAll(/^\| --- .*\n((?:\| `[a-z_]+` .*\n)+)/gm)].map(([, rows = '']) =>
    rows.trim().split('\n'),
  );
  expect(tables.length).toBeGreaterThanOrEqual(6);
  for (const rows of tables) {
    const cells = rows.map((row) => row.split(' | '));
    expect(cells.map(([name]) => name)).toEqual(cells.map(([name]) => name).toSorted());
    for (const row of cells) expect(row.at(-1)?.length).toBeGreaterThan(10);
  }
});
