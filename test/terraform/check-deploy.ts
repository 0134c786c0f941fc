import { functionsOf } from './check-environment.ts';
import { instancesOf, type Tables } from './check-names.ts';
import { type Configuration, type Module, systemOf, textsOf } from './configuration.ts';

/** Finds the differences between what the commands of a bootstrap do and what Terraform's resources need. */
export function deployFaults(configuration: Configuration, tables: Tables, commands: readonly string[][]): string[] {
  const system = systemOf(configuration);
  const done = (pattern: RegExp) =>
    commands.flatMap((command) => [...command.join(' ').matchAll(pattern)].map(([, name = '']) => name));
  const functions = functionsOf(system).flatMap((call) =>
    instancesOf(call, system, tables).map(({ name }) => `${name}`),
  );
  const secrets = filledSecrets(system);
  // A bootstrap does not fill a secret that is created only under a condition.
  const ids = secrets
    .filter(({ body }) => body.count === undefined)
    .flatMap((secret) => instancesOf(secret, system, tables).map(({ secret_id: id }) => `${id}`));
  const addresses = secrets.map(({ name }) => name);
  const listed = system.outputs.find(({ name }) => name === 'secrets_to_fill');
  const enabled = done(/([\w-]+\.googleapis\.com)/g);
  return [
    ...differing('deployed', functions, done(/^gcloud run deploy (\S+)/g)),
    ...differing('filled', ids, done(/^gcloud secrets versions add (\S+)/g)),
    ...differing('made first', addresses, done(/-target=module\.system\.google_secret_manager_secret\.(\w+)/g)),
    ...differing('in the output', addresses, namesIn(textsOf(listed?.body), /google_secret_manager_secret\.(\w+)/g)),
    ...differing('enabled', [...apisOf(configuration), ...FOR_BUILDS], enabled),
    ...differing('wanted', [...apisOf(configuration)], apisNeeded(configuration)),
  ];
}

/** The APIs needed by a bootstrap before Terraform runs, and by deployments. */
const FOR_BUILDS = ['artifactregistry', 'cloudbuild', 'cloudresourcemanager', 'serviceusage'].map(apiOf);

/**
 * The APIs that the functions call, but of which Terraform creates no resource: for signBlob, connectors and traces.
 */
const CALLED = ['iamcredentials', 'sqladmin', 'cloudtrace', 'telemetry'];

/** The API of each resource, by the beginning of the resource's type. */
const API: Readonly<Record<string, string>> = {
  google_cloud_run: 'run',
  google_cloud_scheduler: 'cloudscheduler',
  google_cloud_tasks: 'cloudtasks',
  google_compute: 'compute',
  google_firestore: 'firestore',
  google_iap: 'iap',
  google_logging: 'logging',
  google_monitoring: 'monitoring',
  google_project_iam: 'iam',
  google_pubsub: 'pubsub',
  google_redis: 'redis',
  google_secret_manager: 'secretmanager',
  google_service_account: 'iam',
  google_service_networking: 'servicenetworking',
  google_storage: 'storage',
};

function apiOf(name: string): string {
  return `${name}.googleapis.com`;
}

function apisNeeded(configuration: Configuration): string[] {
  const types = [...configuration.values()].flatMap(({ resources }) => resources.map(({ type }) => type));
  const needed = types
    .filter((type) => type !== 'google_project_service')
    .map((type) => Object.entries(API).find(([prefix]) => type.startsWith(prefix))?.[1] ?? type);
  return [...new Set([...needed, ...CALLED])].map(apiOf);
}

/** Returns the secrets of which Terraform creates no version. */
function filledSecrets({ resources }: Module) {
  const versions = resources.filter(({ type }) => type === 'google_secret_manager_secret_version');
  const made = namesIn(
    versions.flatMap(({ body }) => textsOf(body.secret)),
    /google_secret_manager_secret\.(\w+)/g,
  );
  return resources.filter(({ type, name }) => type === 'google_secret_manager_secret' && !made.includes(name));
}

const apisOf = (configuration: Configuration): string[] => {
  const resources = [...configuration.values()].flatMap((module) => module.resources);
  const services = resources.filter(({ type }) => type === 'google_project_service');
  return namesIn(
    services.flatMap(({ body }) => textsOf(body.for_each)),
    /([\w-]+\.googleapis\.com)/g,
  );
};

const namesIn = (texts: readonly string[], pattern: RegExp): string[] =>
  texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name));

const differing = (what: string, wanted: readonly string[], done: readonly string[]): string[] => [
  ...wanted.filter((name) => !done.includes(name)).map((name) => `${name}: is not ${what}`),
  ...done.filter((name) => !wanted.includes(name)).map((name) => `${name}: is ${what}, and not there`),
];
