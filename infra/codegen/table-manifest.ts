import { join } from 'node:path';
import { loadReports, loadTables } from '../../shared/catalogue/catalogue.ts';
import { queryFunctionName, resourceName } from '../functions.ts';
import { projectRoot } from '../setup/local-folder.ts';

/** The manifest that Terraform reads. */
export const tableManifestFile = join(projectRoot, 'terraform/modules/download-center-system/tables.json');

/** The longest name of a function: with the project number appended, it must fit a DNS label of 63 characters. */
const LONGEST_NAME = 49;

/**
 * Generates the manifest of the declared tables, JSON keyed by table: the table's database, its name in names of
 * resources, and the most queries of it that one stage message requests.
 */
export async function tableManifest(): Promise<string> {
  const sources = [...(await loadReports()).values()].flatMap(({ id, sources }) =>
    sources.map(({ table, stage }) => ({ table: table.name, stage: `${id} ${stage}` })),
  );
  const entries = [...(await loadTables()).values()].map(({ name, database }) => {
    const stages = sources.filter(({ table }) => table === name).map(({ stage }) => stage);
    const perStage = Map.groupBy(stages, (stage) => stage);
    // A table that no report reads yet is deployed, too.
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
