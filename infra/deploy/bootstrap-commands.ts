import { builderAccount, type Location } from './commands.ts';
import type { Command } from './shell.ts';

/** The APIs that the system, Terraform and the builds call. Enabling one that is enabled does nothing. */
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

/** The resources of an environment's root module that create the secrets to be filled by an operator. */
const SECRETS = ['table_database_url', 'record_database_url', 'webhook_endpoints'].map(
  (name) => `module.system.google_secret_manager_secret.${name}`,
);

const stateBucket = ({ project }: Location): string => `${project}-terraform-state`;

/** The limit of Service Usage. */
const APIS_PER_REQUEST = 20;

export const enableApis = ({ project }: Location): Command[] =>
  Array.from({ length: Math.ceil(APIS.length / APIS_PER_REQUEST) }, (_, request) => [
    ...['gcloud', 'services', 'enable'],
    ...APIS.slice(request * APIS_PER_REQUEST, (request + 1) * APIS_PER_REQUEST).map((api) => `${api}.googleapis.com`),
    `--project=${project}`,
  ]);

/**
 * Creates the service agent with which Pub/Sub forwards dead letters, unless it exists: Terraform grants roles to it.
 * The command is only in gcloud's beta component, which gcloud installs if necessary.
 */
export const createPubSubAgent = ({ project }: Location): Command => [
  ...['gcloud', 'beta', 'services', 'identity', 'create'],
  '--service=pubsub.googleapis.com',
  `--project=${project}`,
  '--quiet',
];

export const describeStateBucket = (location: Location): Command => bucket(location, 'describe', '--format=none');

/** The state holds secrets, among them the password of the Redis instance: hence no public access. */
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

/**
 * The repository to which gcloud pushes the images. gcloud would create it, but concurrent deployments would conflict.
 */
const IMAGE_REPOSITORY = 'cloud-run-source-deploy';

export const describeImageRepository = (location: Location): Command =>
  repository(location, 'describe', '--format=none');

export const createImageRepository = (location: Location): Command =>
  repository(location, 'create', '--repository-format=docker');

function repository({ project, region }: Location, verb: string, ...flags: string[]): Command {
  return [
    'gcloud',
    'artifacts',
    'repositories',
    verb,
    IMAGE_REPOSITORY,
    `--project=${project}`,
    `--location=${region}`,
    ...flags,
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

/**
 * The rights that a build needs. Google's own role for it, run.builder, could also read every object of the project,
 * the reports' files and the Terraform state among them, and replace every image. gcloud uploads the code to the bucket
 * named here.
 */
export const grantBuilderRoles = (location: Location): Command[] => {
  const member = `--member=serviceAccount:${builderAccount(location)}`;
  const onProject = (role: string, condition: string): Command => [
    ...['gcloud', 'projects', 'add-iam-policy-binding', location.project, member, `--role=${role}`],
    ...[`--condition=${condition}`, '--format=none'],
  ];
  const sources = `projects/_/buckets/run-sources-${location.project}-${location.region}/`;
  return [
    repository(location, 'add-iam-policy-binding', member, '--role=roles/artifactregistry.writer', '--format=none'),
    onProject('roles/logging.logWriter', 'None'),
    onProject(
      'roles/storage.objectViewer',
      `title=the code to build,expression=resource.name.startsWith('${sources}')`,
    ),
  ];
};

export const describeSecret = (location: Location, secret: string): Command => [
  ...['gcloud', 'secrets', 'describe', secret],
  `--project=${location.project}`,
  '--format=none',
];

/** Succeeds if the secret has a version. */
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
