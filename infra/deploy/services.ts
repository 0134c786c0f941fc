import { loadTables } from '../../shared/catalogue/catalogue.ts';
import { CliError } from '../terminal/run-cli.ts';

/** One deployed function: a Cloud Run service. */
export interface Service {
  name: string;
  /** The name that its entry file registers with the Functions Framework. */
  target: string;
  /** Its folder in functions/. */
  folder: string;
}

const FUNCTIONS: readonly Service[] = [
  { name: 'create-report', target: 'createReport', folder: 'create-report' },
  { name: 'download-center', target: 'downloadCenter', folder: 'download-center' },
  { name: 'aggregate', target: 'aggregate', folder: 'aggregate' },
  { name: 'sweep', target: 'sweep', folder: 'sweep' },
  { name: 'notify', target: 'notify', folder: 'notify' },
];

/** Every function, and query-table once for each declared table. */
export async function allServices(): Promise<Service[]> {
  return [...FUNCTIONS, ...(await tableServices())];
}

export async function tableServices(): Promise<Service[]> {
  return [...(await loadTables()).keys()].map((table) => ({
    name: queryService(table),
    target: 'queryTable',
    folder: 'query-table',
  }));
}

/** Services have neither dots nor underscores in their names. */
export const queryService = (table: string): string => `query-${table.replaceAll(/[._]/g, '-')}`;

/** Those of these names, in the order given. */
export async function servicesNamed(names: readonly string[]): Promise<Service[]> {
  const all = new Map((await allServices()).map((service) => [service.name, service]));
  return names.map((name) => {
    const service = all.get(name);
    if (service) return service;
    throw new CliError(`there is no function ${name}; there are: ${[...all.keys()].join(', ')}`);
  });
}
