import { builderAccount, type Place } from './commands.ts';
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

const stateBucket = ({ project }: Place): string => `${project}-terraform-state`;

/** Service Usage takes no more in one request. */
const AT_ONCE = 20;

export const enableApis = ({ project }: Place): Command[] =>
  Array.from({ length: Math.ceil(APIS.length / AT_ONCE) }, (_, request) => [
    ...['gcloud', 'services', 'enable'],
    ...APIS.slice(request * AT_ONCE, (request + 1) * AT_ONCE).map((api) => `${api}.googleapis.com`),
    `--project=${project}`,
  ]);

/** Makes the account as which Pub/Sub sets messages aside, if it is not there: Terraform grants rights to it. Only the beta commands have this, which gcloud installs if need be. */
export const makePubSubAgent = ({ project }: Place): Command => [
  ...['gcloud', 'beta', 'services', 'identity', 'create'],
  '--service=pubsub.googleapis.com',
  `--project=${project}`,
  '--quiet',
];

export const describeStateBucket = (place: Place): Command => bucket(place, 'describe', '--format=none');

/** Its objects hold the Redis instance's password, among other things. */
export const makeStateBucket = (place: Place): Command[] => [
  bucket(place, 'create', `--location=${place.region}`, '--uniform-bucket-level-access', '--public-access-prevention'),
  bucket(place, 'update', '--versioning'),
];

function bucket(place: Place, verb: string, ...flags: string[]): Command {
  return ['gcloud', 'storage', 'buckets', verb, `gs://${stateBucket(place)}`, `--project=${place.project}`, ...flags];
}

/** Where gcloud puts what is built. It would make it itself, but several deployments at once would get into each other's way. */
const IMAGES = 'cloud-run-source-deploy';

export const describeImages = (place: Place): Command => repository(place, 'describe', '--format=none');

export const makeImages = (place: Place): Command => repository(place, 'create', '--repository-format=docker');

function repository({ project, region }: Place, verb: string, ...flags: string[]): Command {
  return [
    'gcloud',
    'artifacts',
    'repositories',
    verb,
    IMAGES,
    `--project=${project}`,
    `--location=${region}`,
    ...flags,
  ];
}

export const describeBuilder = (place: Place): Command => [
  ...['gcloud', 'iam', 'service-accounts', 'describe', builderAccount(place)],
  `--project=${place.project}`,
  '--format=none',
];

export const makeBuilder = (place: Place): Command => [
  ...['gcloud', 'iam', 'service-accounts', 'create', builderAccount(place).replace(/@.*/, '')],
  '--display-name=Builds the functions',
  `--project=${place.project}`,
];

/**
 * What a build needs: Google's own role for it, run.builder, reads every object of the project, the reports' files and Terraform's state among them, and replaces every image.
 * gcloud puts the code into a bucket of this name.
 */
export const allowBuilding = (place: Place): Command[] => {
  const member = `--member=serviceAccount:${builderAccount(place)}`;
  const ofProject = (role: string, condition: string): Command => [
    ...['gcloud', 'projects', 'add-iam-policy-binding', place.project, member, `--role=${role}`],
    ...[`--condition=${condition}`, '--format=none'],
  ];
  const sources = `projects/_/buckets/run-sources-${place.project}-${place.region}/`;
  return [
    repository(place, 'add-iam-policy-binding', member, '--role=roles/artifactregistry.writer', '--format=none'),
    ofProject('roles/logging.logWriter', 'None'),
    ofProject(
      'roles/storage.objectViewer',
      `title=the code to build,expression=resource.name.startsWith('${sources}')`,
    ),
  ];
};

export const describeSecret = (place: Place, secret: string): Command => [
  ...['gcloud', 'secrets', 'describe', secret],
  `--project=${place.project}`,
  '--format=none',
];

/** Succeeds if the secret has a value. */
export const describeValue = (place: Place, secret: string): Command => [
  ...['gcloud', 'secrets', 'versions', 'describe', 'latest', `--secret=${secret}`],
  `--project=${place.project}`,
  '--format=none',
];

export const addValue = (place: Place, secret: string): Command => [
  ...['gcloud', 'secrets', 'versions', 'add', secret],
  '--data-file=-',
  `--project=${place.project}`,
];

export const terraformInit = (place: Place, environment: string): Command => [
  ...terraform(environment, 'init'),
  `-backend-config=bucket=${stateBucket(place)}`,
];

export const terraformApply = (environment: string): Command => terraform(environment, 'apply');

export const terraformApplySecrets = (environment: string): Command => [
  ...terraform(environment, 'apply'),
  ...SECRETS.map((secret) => `-target=${secret}`),
];

function terraform(environment: string, verb: string): Command {
  return ['terraform', `-chdir=terraform/environments/${environment}`, verb];
}
