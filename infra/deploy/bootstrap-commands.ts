import { builderAccount, type Location } from './commands.ts';
import type { Command } from './shell.ts';

/** What the system, Terraform and the builds call; enabling is idempotent. */
const APIS = [
  'artifactregistry',
  'cloudbuild',
  'cloudresourcemanager',
  'cloudscheduler',
  'cloudtasks',
  'cloudtrace',
  'compute',
  'firestore',
  'iam',
  'iamcredentials',
  'iap',
  'logging',
  'monitoring',
  'pubsub',
  'redis',
  'run',
  'secretmanager',
  'servicenetworking',
  'serviceusage',
  'sqladmin',
  'storage',
  'telemetry',
];

/** In an environment's root module, what makes the secrets that an operator fills. */
const SECRETS = ['table_database_url', 'record_database_url', 'webhook_endpoints'].map(
  (name) => `module.system.google_secret_manager_secret.${name}`,
);

const stateBucket = ({ project }: Location): string => `${project}-terraform-state`;

/** Service Usage takes no more in one request. */
const APIS_PER_REQUEST = 20;

export const enableApis = ({ project }: Location): Command[] =>
  Array.from({ length: Math.ceil(APIS.length / APIS_PER_REQUEST) }, (_, request) => [
    ...['gcloud', 'services', 'enable'],
    ...APIS.slice(request * APIS_PER_REQUEST, (request + 1) * APIS_PER_REQUEST).map((api) => `${api}.googleapis.com`),
    `--project=${project}`,
  ]);

/** Makes the account as which Pub/Sub sets messages aside, if it is not there: Terraform grants rights to it. Only the beta commands have this, which gcloud installs if need be. */
export const createPubSubAgent = ({ project }: Location): Command => [
  ...['gcloud', 'beta', 'services', 'identity', 'create'],
  '--service=pubsub.googleapis.com',
  `--project=${project}`,
  '--quiet',
];

export const describeStateBucket = (location: Location): Command => bucket(location, 'describe', '--format=none');

/** Its objects hold the Redis instance's password, among other things. */
export const createStateBucket = (location: Location): Command[] => [
  bucket(
    location,
    'create',
    `--location=${location.region}`,
    '--uniform-bucket-level-access',
    '--public-access-prevention',
  ),
  bucket(location, 'update', '--versioning'),
];

function bucket(location: Location, verb: string, ...flags: string[]): Command {
  return [
    'gcloud',
    'storage',
    'buckets',
    verb,
    `gs://${stateBucket(location)}`,
    `--project=${location.project}`,
    ...flags,
  ];
}

/** Where gcloud puts what is built. It would make it itself, but several deployments at once would get into each other's way. */
const IMAGE_REPOSITORY = 'cloud-run-source-deploy';

export const describeImageRepository = (location: Location): Command =>
  repository(location, 'describe', '--format=none');

export const createImageRepository = (location: Location): Command =>
  repository(location, 'create', '--repository-format=docker');

function repository({ project, region }: Location, verb: string, flag: string): Command {
  return [
    'gcloud',
    'artifacts',
    'repositories',
    verb,
    IMAGE_REPOSITORY,
    `--project=${project}`,
    `--location=${region}`,
    flag,
  ];
}

export const describeBuilder = (location: Location): Command => [
  ...['gcloud', 'iam', 'service-accounts', 'describe', builderAccount(location)],
  `--project=${location.project}`,
  '--format=none',
];

export const createBuilder = (location: Location): Command => [
  ...['gcloud', 'iam', 'service-accounts', 'create', builderAccount(location).replace(/@.*/, '')],
  '--display-name=Builds the functions',
  `--project=${location.project}`,
];

export const grantBuilderRole = (location: Location): Command => [
  ...['gcloud', 'projects', 'add-iam-policy-binding', location.project],
  `--member=serviceAccount:${builderAccount(location)}`,
  '--role=roles/run.builder',
  '--condition=None',
  '--format=none',
];

export const describeSecret = (location: Location, secret: string): Command => [
  ...['gcloud', 'secrets', 'describe', secret],
  `--project=${location.project}`,
  '--format=none',
];

/** Succeeds if the secret has a value. */
export const describeSecretVersion = (location: Location, secret: string): Command => [
  ...['gcloud', 'secrets', 'versions', 'describe', 'latest', `--secret=${secret}`],
  `--project=${location.project}`,
  '--format=none',
];

export const addSecretVersion = (location: Location, secret: string): Command => [
  ...['gcloud', 'secrets', 'versions', 'add', secret],
  '--data-file=-',
  `--project=${location.project}`,
];

export const terraformInit = (location: Location, environment: string): Command => [
  ...terraform(environment, 'init'),
  `-backend-config=bucket=${stateBucket(location)}`,
];

export const terraformApply = (environment: string): Command => terraform(environment, 'apply');

export const terraformApplySecrets = (environment: string): Command => [
  ...terraform(environment, 'apply'),
  ...SECRETS.map((secret) => `-target=${secret}`),
];

function terraform(environment: string, verb: string): Command {
  return ['terraform', `-chdir=terraform/environments/${environment}`, verb];
}
