import type { Body, Configuration } from './configuration.ts';

const ENVIRONMENT = 'terraform/environments/';
/** The version from which provider-schema.json was generated. */
const PROVIDER = '~> 6.50';

/**
 * Finds the environments that do not keep their state in a place of their own or have no output for the system, and the
 * modules that use a provider version other than the schema's.
 */
export function rootFaults(configuration: Configuration): string[] {
  return [...configuration.values()].flatMap(({ folder, files, outputs }) => {
    const [terraform = {}] = files.flatMap((file) => (file.terraform ?? []) as Body[]);
    const isRoot = folder.startsWith(ENVIRONMENT);
    const prefix = ((terraform.backend as Body | undefined)?.gcs as Body[] | undefined)?.[0]?.prefix;
    const version = ((terraform.required_providers as Body[] | undefined)?.[0]?.google as Body | undefined)?.version;
    return [
      ...(!isRoot || prefix === `report-download-center/${folder.replace(ENVIRONMENT, '')}`
        ? []
        : [`${folder}: keeps its state in ${prefix}`]),
      ...(!isRoot ||
      outputs.some(({ name, body }) => name === 'system' && /^\$\{module\.system\}$/.test(String(body.value)))
        ? []
        : [`${folder}: tells nothing of the system`]),
      ...(version === PROVIDER ? [] : [`${folder}: takes the provider ${version}`]),
    ];
  });
}
