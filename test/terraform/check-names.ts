import { type Block, type Body, type Configuration, type Module, systemOf, type Value } from './configuration.ts';
import type { Resources } from './local-resources.ts';

/** The manifest of the tables. */
export type Tables = Readonly<Record<string, { database: string; resource: string; queries: number }>>;

/** Finds the differences between what Terraform creates and what the local system creates. */
export function nameFaults(configuration: Configuration, tables: Tables, local: Resources): string[] {
  const deployed = deployedResources(systemOf(configuration), tables);
  return [
    ...local.filter((line) => !deployed.includes(line)).map((line) => `lacks: ${line}`),
    ...deployed.filter((line) => !local.includes(line)).map((line) => `has besides: ${line}`),
  ];
}

function deployedResources(system: Module, tables: Tables): string[] {
  const every = (type: string) =>
    system.resources.filter((block) => block.type === type).flatMap((block) => instancesOf(block, system, tables));
  return [
    ...every('google_pubsub_topic').map(({ name }) => `topic ${name}`),
    ...every('google_pubsub_subscription').map((body) => {
      const push = inner(body, 'push_config');
      const retry = inner(body, 'retry_policy');
      const dead = inner(body, 'dead_letter_policy');
      const rest = push
        ? ` to ${push.push_endpoint} as ${inner(push, 'oidc_token')?.audience} within ${body.ack_deadline_seconds} s, again after ${span(retry?.minimum_backoff)} to ${span(retry?.maximum_backoff)} s, ${dead?.max_delivery_attempts} times, then to ${dead?.dead_letter_topic}`
        : '';
      return `subscription ${body.name} of ${body.topic} where ${body.filter ?? 'all'}${rest}`;
    }),
    ...every('google_cloud_tasks_queue').map(
      ({ name, retry_config: [retry = {}] = [] }: Body & { retry_config?: Body[] }) => {
        return `queue ${name} tries ${retry.max_attempts} for ${span(retry.max_retry_duration)} s, again after ${span(retry.min_backoff)} to ${span(retry.max_backoff)} s, doubled ${retry.max_doublings} times`;
      },
    ),
    ...every('google_cloud_scheduler_job').map(
      (body) => `schedule ${body.schedule} calls ${inner(body, 'http_target')?.uri}`,
    ),
  ];
}

const inner = (body: Body, block: string) => (body[block] as Body[] | undefined)?.[0];
const span = (text: Value | undefined) => Number(String(text ?? '0s').replace('s', ''));

const EACH_VALUE = /\$\{each\.value\}/g;

/** Returns a resource's instances, with their keys and values inserted. */
export function instancesOf({ body }: Block, system: Module, tables: Tables): Body[] {
  const each = /^\$\{local\.tables\}$/.test(String(body.for_each))
    ? tables
    : ((body.for_each as Readonly<Record<string, Value>> | undefined) ?? { '': '' });
  return Object.entries(each).map(([key, value]) => put(body, system, key, value) as Body);
}

function put(value: Value, system: Module, key: string, each: unknown): Value {
  if (Array.isArray(value)) return value.map((item) => put(item, system, key, each));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, put(item ?? null, system, key, each)]),
    );
  if (typeof value !== 'string') return value;
  const resource = typeof each === 'object' && each !== null && 'resource' in each ? String(each.resource) : '';
  return value
    .replaceAll(/\$?\{?each\.value\.resource\}?/g, resource)
    .replaceAll(EACH_VALUE, String(each))
    .replaceAll(/\$\{each\.key\}/g, key)
    .replace('[each.key]', `["${key}"]`)
    .replace(/^\$\{local\.urls\["([^"]*)"\]\}$/, '$1')
    .replace(/^\$\{google_pubsub_topic\.(\w+)\["(\w+)"\]\.id\}$/, (_all, name, index) =>
      topicName(system, name, index),
    );
}

function topicName(system: Module, name: string, index: string): string {
  const topic = system.resources.find((block) => block.type === 'google_pubsub_topic' && block.name === name);
  const each = (topic?.body.for_each as Readonly<Record<string, string>> | undefined)?.[index];
  return String(topic?.body.name).replace(EACH_VALUE, String(each));
}
