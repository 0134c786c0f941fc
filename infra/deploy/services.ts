import { loadTables } from '../../shared/catalogue/catalogue.ts';
import { type DeployedFunction, deployedFunctions } from '../functions.ts';
import { CliError } from '../terminal/run-cli.ts';

/** On Google Cloud, every deployed function is a Cloud Run service. */
export type Service = DeployedFunction;

export async function allServices(): Promise<Service[]> {
  return deployedFunctions([...(await loadTables()).keys()]);
}

/** The services of these names, in the order given. */
export async function servicesNamed(names: readonly string[]): Promise<Service[]> {
  const all = new Map((await allServices()).map((service) => [service.name, service]));
  return names.map((name) => {
    const service = all.get(name);
    if (service) return service;
    throw new CliError(`there is no function ${name}; there are: ${[...all.keys()].join(', ')}`);
  });
}
