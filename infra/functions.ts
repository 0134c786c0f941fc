import { FUNCTIONS, type FunctionFolder } from '../functions/manifest.ts';

/** A function as it is deployed: a process of the local system, or a Cloud Run service. */
export interface DeployedFunction {
  /** The same locally and on Google Cloud. */
  name: string;
  /** The name that its entry file registers with the Functions Framework. */
  target: string;
  /** Its folder in functions/. */
  folder: FunctionFolder;
  /** The table that a deployment of query-table reads. */
  table?: string;
}

/** Every function, query-table once for each of the tables. */
export function deployedFunctions(tables: readonly string[]): DeployedFunction[] {
  return (Object.keys(FUNCTIONS) as FunctionFolder[]).flatMap<DeployedFunction>((folder) => {
    const { target } = FUNCTIONS[folder];
    if (folder !== 'query-table') return [{ name: folder, target, folder }];
    return tables.map((table) => ({ name: queryFunctionName(table), target, folder, table }));
  });
}

export const queryFunctionName = (table: string): string => `query-${resourceName(table)}`;

/** A table's name in names of resources, which have only lower-case letters, digits and hyphens. */
export const resourceName = (table: string): string => table.toLowerCase().replaceAll(/[._]/g, '-');
