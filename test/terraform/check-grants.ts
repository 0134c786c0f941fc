import { type Configuration, systemOf } from './configuration.ts';
import { type Grant, grantsOf } from './grants.ts';

const text = ({ principal, resource, role }: Grant) => `${principal}: ${role} on ${resource}`;

/** Finds the differences between the page's table and the grants, and the grants of any module that are too broad. */
export function grantFaults(configuration: Configuration, page: string): string[] {
  const granted = grantsOf(configuration).map(text);
  const told = [...page.matchAll(/^\| ([^|]+) \| `([^`]+)` \| `([^`]+)` \| [^|]+ \|$/gm)].map(
    ([, principal = '', resource = '', role = '']) => text({ principal, resource, role }),
  );
  return [
    ...difference(granted, told).map((grant) => `not in the page: ${grant}`),
    ...difference(told, granted).map((grant) => `in the page alone: ${grant}`),
    ...wideGrants(configuration),
    ...difference(grantsBeside(configuration), GRANTS_BESIDE).map((grant) => `in another module: ${grant}`),
    ...difference(GRANTS_BESIDE, grantsBeside(configuration)).map((grant) => `in no module: ${grant}`),
  ];
}

/** The grants that each function's module makes to the function, which grantsOf lists for every function. */
const GRANTS_BESIDE = [
  'google_service_account.this.member: roles/secretmanager.secretAccessor on each.value of var.secrets',
  'google_service_account.this.member: roles/cloudsql.client on split(":", each.key)[0] of toset(var.cloud_sql_instances)',
];

/** Returns the grants of all modules except the system's, as they are written. */
function grantsBeside(configuration: Configuration): string[] {
  const others = [...configuration.values()].filter((module) => module !== systemOf(configuration));
  const grants = others.flatMap(({ resources }) => resources).filter(({ type }) => /_iam_/.test(type));
  return grants.map(({ body: { member, role, secret_id: secret, project, for_each: each } }) =>
    `${member}: ${role} on ${secret ?? project} of ${each}`.replaceAll(/\$\{|\}/g, ''),
  );
}

/** The roles that can be granted only on projects, and cannot be narrowed further: writing spans. */
const OF_PROJECTS = new Set(['roles/telemetry.tracesWriter']);

const BASIC = /^roles\/(owner|editor|viewer|browser)$|[aA]dmin$/;

function wideGrants(configuration: Configuration): string[] {
  const resources = [...configuration.values()].flatMap((module) => module.resources);
  const grants = resources.filter(({ type }) => /_iam_(member|binding|policy)$/.test(type));
  return grants.flatMap(({ type, name, body }) => [
    ...(type.endsWith('member') ? [] : [`${type}.${name}: takes rights from others`]),
    ...(BASIC.test(String(body.role)) ? [`${type}.${name}: ${body.role} is too much`] : []),
    ...(type.startsWith('google_project_iam') && !body.condition && !OF_PROJECTS.has(String(body.role))
      ? [`${type}.${name}: is to the whole project`]
      : []),
  ]);
}

/**
 * The grants that a call in a function's code needs. `entry` is searched for in its index.ts, `code` in everything that
 * index.ts imports.
 */
type Need = ({ entry: RegExp } | { code: RegExp }) & {
  readonly grants: readonly (readonly [resource: string, role: string])[];
};

const SECRET = 'roles/secretmanager.secretAccessor';
const BUCKET = 'google_storage_bucket.files';
const REDIS = ['redis_url', 'redis_ca'].map((name) => [`google_secret_manager_secret.${name}`, SECRET] as const);
const ACTS = ['google_service_account.invoker', 'roles/iam.serviceAccountUser'] as const;

const NEEDS: readonly Need[] = [
  { entry: /openTracing\(/, grants: [['the project', 'roles/telemetry.tracesWriter']] },
  { entry: /openFanIn\(/, grants: REDIS },
  { entry: /openRateLimits\(/, grants: REDIS },
  {
    entry: /openRecordStore\(/,
    grants: [
      ["the project: the records' database", 'roles/datastore.user'],
      ['google_secret_manager_secret.record_database_url', SECRET],
      ['its Cloud SQL instances', 'roles/cloudsql.client'],
      ['google_pubsub_topic.this["events"]', 'roles/pubsub.publisher'],
    ],
  },
  { entry: /openStagePublisher\(/, grants: [['google_pubsub_topic.this["queries"]', 'roles/pubsub.publisher']] },
  {
    entry: /openAggregateQueue\(/,
    grants: [['google_cloud_tasks_queue.aggregate', 'roles/cloudtasks.enqueuer'], ACTS],
  },
  { entry: /openWebhookQueue\(/, grants: [['google_cloud_tasks_queue.webhooks', 'roles/cloudtasks.enqueuer'], ACTS] },
  { entry: /config\.WEBHOOK_ENDPOINTS/, grants: [['google_secret_manager_secret.webhook_endpoints', SECRET]] },
  {
    entry: /mysqlTableReader\(/,
    grants: [
      ['google_secret_manager_secret.table_database_url', SECRET],
      ['its Cloud SQL instances', 'roles/cloudsql.client'],
    ],
  },
  { code: /objects\.(get|head|exists)\(/, grants: [[BUCKET, 'roles/storage.objectViewer']] },
  // A stored object is read again afterwards.
  {
    code: /objects\.(put|upload)\(/,
    grants: [
      [BUCKET, 'roles/storage.objectCreator'],
      [BUCKET, 'roles/storage.objectViewer'],
    ],
  },
  { code: /objects\.(list|delete)\(/, grants: [[BUCKET, 'google_project_iam_custom_role.object_remover']] },
  { code: /objects\.signedUrl\(/, grants: [['module.download_center', 'google_project_iam_custom_role.signer']] },
];

/** A function's code: its entry file, and the entry file with everything it imports. */
export interface Code {
  readonly entry: string;
  readonly all: string;
}

/** Finds the differences between a function's grants and what the calls in its code need. */
export function needFaults(configuration: Configuration, functions: Readonly<Record<string, Code>>): string[] {
  const granted = grantsOf(configuration);
  return Object.entries(functions).flatMap(([principal, { entry, all }]) => {
    const needs = NEEDS.filter((need) => ('entry' in need ? need.entry.test(entry) : need.code.test(all)));
    const needed = needs.flatMap(({ grants }) => grants.map(([resource, role]) => text({ principal, resource, role })));
    const given = granted.filter((grant) => grant.principal === principal).map(text);
    return [
      ...difference(needed, given).map((grant) => `not granted: ${grant}`),
      ...difference(given, needed).map((grant) => `not needed: ${grant}`),
    ];
  });
}

/** Returns the functions that the system deploys, by their names in grants. */
export const deployedFunctions = (configuration: Configuration): string[] =>
  systemOf(configuration).modules.map(({ name }) => name.replaceAll('_', '-'));

function difference(some: readonly string[], others: readonly string[]): string[] {
  const rest = new Set(others);
  return [...new Set(some)].filter((item) => !rest.has(item));
}
