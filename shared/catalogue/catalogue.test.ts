import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { loadReports, loadTables } from './catalogue.ts';

/** Returns the declarations in a folder of shared, by the names of their files. */
async function declarationsIn(folder: string): Promise<string[]> {
  const files = await readdir(join(import.meta.dirname, '..', folder));
  return files
    .filter((file) => !file.includes('.test.'))
    .map((file) => file.replace('.ts', ''))
    .sort();
}

it('every report is there by its id, which is its file’s name', async () => {
  const reports = await loadReports();
  for (const [id, report] of reports) expect(report.id).toBe(id);
  expect([...reports.keys()].sort()).toEqual(await declarationsIn('reports'));
});

it('every table is there by its name, as it is called in its database', async () => {
  const tables = await loadTables();
  for (const [name, { database, table }] of tables) expect(`${database}.${table}`).toBe(name);
  expect(tables.size).toBe((await declarationsIn('tables')).length);
});
