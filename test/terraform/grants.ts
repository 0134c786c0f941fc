import { functionsOf } from './check-environment.ts';
import {
  type Block,
  type Body,
  type Configuration,
  type Module,
  systemOf,
  textsOf,
  type Value,
} from './configuration.ts';

/** A role of a principal on a resource. */
export interface Grant {
  readonly principal: string;
  readonly resource: string;
  readonly role: string;
}

/** The argument that names the resource of a grant, by the grant's type. */
const TARGET: Readonly<Record<string, string>> = {
  google_cloud_run_v2_service_iam_member: 'name',
  google_cloud_tasks_queue_iam_member: 'name',
  google_compute_subnetwork_iam_member: 'subnetwork',
  google_iap_web_backend_service_iam_member: 'web_backend_service',
  google_pubsub_subscription_iam_member: 'subscription',
  google_pubsub_topic_iam_member: 'topic',
  google_secret_manager_secret_iam_member: 'secret_id',
  google_service_account_iam_member: 'service_account_id',
  google_storage_bucket_iam_member: 'bucket',
};

/** Returns every grant of the system, including those made by each function's module. */
export function grantsOf(configuration: Configuration): Grant[] {
  const system = systemOf(configuration);
  const called = functionsOf(system).flatMap((call) => [
    ...secretsIn(call.body.secrets, system).map((resource) =>
      grant(call.name, resource, 'roles/secretmanager.secretAccessor'),
    ),
    ...('cloud_sql_instances' in call.body
      ? [grant(call.name, 'its Cloud SQL instances', 'roles/cloudsql.client')]
      : []),
  ]);
  const own = system.resources.filter(({ type }) => type.endsWith('_iam_member'));
  return [...called, ...own.flatMap((block) => grantsIn(block))];
}

const grant = (name: string, resource: string, role: string): Grant => ({
  principal: name.replaceAll('_', '-'),
  resource,
  role,
});

function grantsIn({ type, body }: Block): Grant[] {
  const role = plain(body.role).replace(/^(google_project_iam_custom_role\.\w+)\.id$/, '$1');
  const targets =
    type === 'google_project_iam_member' ? [conditionOf(body)] : referredTo(body[TARGET[type] ?? ''], body.for_each);
  const known = referredTo(body.member, body.for_each).flatMap((name) => principalOf(name) ?? []);
  // A principal that is named in another way counts as well.
  const principals = known.length > 0 ? known : [[plain(body.member), ...textsOf(body.for_each)].join(' of ')];
  return principals.flatMap((principal) => targets.map((target) => grant(principal, target, role)));
}

/** The principals that are not functions of the system. */
const OTHERS: Readonly<Record<string, string>> = {
  'google_service_account.invoker': 'the invoker',
  'google_service_account.trigger': 'the trigger',
  'local.pubsub_agent': 'Pub/Sub’s agent',
  'local.run_agent': 'Cloud Run’s agent',
  'local.invokers': 'whom `access` lets in',
  'var.access': 'the members of `access`',
};

const principalOf = (name: string) => (name.startsWith('module.') ? name.replace('module.', '') : OTHERS[name]);

/** A grant on a project covers all resources of its kind, so the condition that narrows it is included. */
const conditionOf = ({ condition }: Body) =>
  condition === undefined ? 'the project' : `the project: ${plain((condition as Body[])[0]?.title)}`;

const plain = (value: Value | undefined) => String(value ?? 'anything').replace(/^\$\{(.*)\}$/s, '$1');

const ADDRESS = /\b(?:module\.\w+|google_\w+\.\w+(?:\["\w+"\])?|local\.\w+|var\.\w+)/g;

/** Returns the addresses in a value; for `each`, those in what is iterated over. */
function referredTo(value: Value | undefined, each: Value | undefined): string[] {
  const text = plain(value);
  const texts = text.startsWith('each.') ? textsOf(each) : [text];
  return [...new Set(texts.flatMap((from) => from.match(ADDRESS) ?? []))];
}

function secretsIn(value: Value | undefined, system: Module): string[] {
  return textsOf(value).flatMap((text) => [
    ...[...text.matchAll(/google_secret_manager_secret(?:_version)?\.(\w+)/g)].map(
      ([, name]) => `google_secret_manager_secret.${name}`,
    ),
    ...[...text.matchAll(/\blocal\.(\w+)/g)].flatMap(([, name = '']) => secretsIn(system.locals[name], system)),
  ]);
}
