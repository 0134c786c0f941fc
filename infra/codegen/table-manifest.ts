import { join } from 'node:path';
import { loadReports, loadTables } from '../../shared/catalogue/catalogue.ts';
import { queryFunctionName, resourceName } from '../functions.ts';
import { projectRoot } from '../setup/local-folder.ts';

/** Where Terraform finds the tables. */
export const tableManifestFile = join(projectRoot, 'terraform/modules/download-center-system/tables.json');

/** With the project's number, a deployed function's name must fit into a DNS label of 63 characters. */
const LONGEST_NAME = 49;

/**
 * What Terraform needs to know of each declared table, as JSON by the table's name: its database, its name as resources may have it, and how
 * many queries of it one stage message can ask for.
 */
export async function tableManifest(): Promise<string> {
  const sources = [...(await loadReports()).values()].flatMap(({ id, sources }) =>
    sources.map(({ table, stage }) => ({ table: table.name, stage: `${id} ${stage}` })),
  );
  const entries = [...(await loadTables()).values()].map(({ name, database }) => {
    const stages = sources.filter(({ table }) => table === name).map(({ stage }) => stage);
    const perStage = Map.groupBy(stages, (stage) => stage);
    // A table that no report reads is deployed all the same: a report may come.
    const queries = Math.max(1, ...[...perStage.values()].map(({ length }) => length));
    return [name, { database, resource: resourceNameOf(name), queries }] as const;
  });
  const taken = new Set(entries.map(([, { resource }]) => resource));
  if (taken.size < entries.length) throw new Error('two tables would have resources of the same name');
  return `${JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))), undefined, 2)}\n`;
}

function resourceNameOf(table: string): string {
  if (queryFunctionName(table).length > LONGEST_NAME)
    throw new Error(`${table}: the name is too long for a function's`);
  return resourceName(table);
}
