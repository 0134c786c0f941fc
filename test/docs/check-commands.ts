import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { commandsOf } from '../deploy/printed-commands.ts';
import { functionsOf } from '../terraform/check-environment.ts';
import { instancesOf, type Tables } from '../terraform/check-names.ts';
import { type Configuration, type Module, SYSTEM, systemOf } from '../terraform/configuration.ts';

/** Which word of a command names a resource, and the resource's type. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^gcloud pubsub subscriptions \S+ (\S+)/, 'google_pubsub_subscription'],
  [/^gcloud pubsub topics \S+ (\S+)/, 'google_pubsub_topic'],
  [/^gcloud tasks (?:queues \S+|list --queue)[ =](\S+)/, 'google_cloud_tasks_queue'],
  [/^gcloud redis instances \S+ (\S+)/, 'google_redis_instance'],
  [/^gcloud scheduler jobs \S+ (\S+)/, 'google_cloud_scheduler_job'],
  [/^gcloud secrets versions \S+ (\S+)/, 'google_secret_manager_secret'],
  [/^gcloud run services \S+ (\S+)/, 'google_cloud_run_v2_service'],
  [/^npm run (?:-s )?deploy -- (?:function|rollback|logs) ((?:(?!-)\S+ )+)/, 'google_cloud_run_v2_service'],
  [/service_name=(\([^)]+\)|"[^"]+")/, 'google_cloud_run_v2_service'],
];

/** Finds the names in a page's commands that Terraform does not create. */
export async function commandFaults(script: string, configuration: Configuration, tables: Tables): Promise<string[]> {
  const system = systemOf(configuration);
  const lines = (await commandsOf(script)).map((command) => command.join(' '));
  return lines.flatMap((line) => [
    ...NAMED.flatMap(([pattern, type]) => {
      const names = (pattern.exec(line)?.[1] ?? '').split(/[ ()"]+/).filter((word) => !['', 'OR'].includes(word));
      return names
        .filter((name) => !namesOf(type, system, tables).includes(name))
        .map((name) => `${name}: is no ${type}`);
    }),
    ...(/^terraform /.test(line) ? terraformFaults(line, configuration) : []),
    ...[...line.matchAll(/gs:\/\/my-reports-(report[\w-]+)/g)].flatMap(([, name = '']) =>
      JSON.stringify(system.resources).includes(`-${name}`) ? [] : [`${name}: is no bucket`],
    ),
  ]);
}

function terraformFaults(line: string, configuration: Configuration): string[] {
  const [, folder = ''] = /-chdir=(\S+)/.exec(line) ?? [];
  const [, output] = / output (\S+)/.exec(line) ?? [];
  const addresses = [...line.matchAll(/\bmodule\.system\.(\w+)\.(\w+)/g)];
  const { resources } = systemOf(configuration);
  return [
    ...(existsSync(join(projectRoot, folder)) ? [] : [`${folder}: is no folder`]),
    ...(!output || configuration.get(folder)?.outputs.some(({ name }) => name === output)
      ? []
      : [`${output}: is no output`]),
    ...addresses
      .filter(([, type, name]) => !resources.some((block) => block.type === type && block.name === name))
      .map(([address]) => `${address}: is not there`),
  ];
}

function namesOf(type: string, system: Module, tables: Tables): string[] {
  const blocks =
    type === 'google_cloud_run_v2_service'
      ? functionsOf(system)
      : system.resources.filter((block) => block.type === type);
  return blocks
    .flatMap((block) => instancesOf(block, system, tables))
    .map(({ name, secret_id: id }) => String(id ?? name));
}

/**
 * Finds the page's errors: attributes that a variable does not have, wrong defaults of thresholds, and names that are
 * not outputs.
 */
export function variableFaults(page: string, configuration: Configuration): string[] {
  const variables = new Map(systemOf(configuration).variables.map(({ name, body }) => [name, String(body.type)]));
  const thresholds = variables.get('alert_thresholds') ?? '';
  const outputs = systemOf(configuration).outputs.map(({ name }) => name);
  return [
    ...[...page.matchAll(/`(\w+)\.(\w+)`/g)]
      .filter(
        ([, name = '', attribute]) =>
          variables.has(name) && !new RegExp(`\\b${attribute}\\b`).test(variables.get(name) ?? ''),
      )
      .map(([, name, attribute]) => `${name}.${attribute}: is no variable`),
    ...[...page.matchAll(/`(\w+)` that `output` shows/g)].flatMap(([, name = '']) =>
      outputs.includes(name) ? [] : [`${name}: is no output`],
    ),
    ...[...page.matchAll(/`(\w+)` \(([\d.]+)( %)?[^)]*\)/g)].flatMap(([, name = '', told, percent]) => {
      const [, value] = new RegExp(`\\b${name}\\s*= optional\\(number, ([\\d.]+)\\)`).exec(thresholds) ?? [];
      return value === undefined || Number(told) === Number(value) * (percent ? 100 : 1)
        ? []
        : [`${name}: is ${value}, not ${told}`];
    }),
  ];
}

/** The steps to a first file, in order, each as the beginning of its command and what else the command must contain. */
const WAY: readonly RegExp[] = [
  /^gcloud auth login/,
  /^gcloud auth application-default login/,
  /^gcloud projects create my-reports/,
  /^gcloud billing projects link my-reports/,
  /^npm run deploy -- bootstrap/,
  /^gcloud sql instances create reports-try .*--edition=enterprise --tier=db-g1-small$/,
  /^gcloud sql users create reports --instance=reports-try/,
  /^npm run -s deploy -- schema/,
  /^gcloud storage buckets create gs:\/\/my-reports-try/,
  /^gcloud storage buckets add-iam-policy-binding gs:\/\/my-reports-try --role=roles\/storage\.objectViewer /,
  /^gcloud storage cp \.local\/schema\.sql gs:\/\/my-reports-try\/schema\.sql/,
  /^gcloud sql import sql reports-try gs:\/\/my-reports-try\/schema\.sql/,
  /^gcloud iam service-accounts create report-tokens/,
  /^gcloud iam service-accounts add-iam-policy-binding report-tokens@.* --role=roles\/iam\.serviceAccountTokenCreator$/,
  /^terraform -chdir=\S+ init /,
  /^terraform -chdir=\S+ apply -target=/,
  /^gcloud secrets versions add table-database-url-plt-fund-vs-withdraw /,
  /^gcloud secrets versions add webhook-endpoints /,
  /^terraform -chdir=\S+ apply$/,
  /^terraform -chdir=\S+ output system/,
  /^gcloud iam service-accounts sign-jwt \.local\/claims\.json \.local\/token\.jwt --iam-account=report-tokens@/,
  /^npm run deploy -- smoke .*--token-file \.local\/token\.jwt$/,
];

/**
 * Finds the steps that the README's instructions for Google Cloud lack or have before an earlier step, and the
 * inconsistencies in what they write.
 */
export async function wayFaults(script: string): Promise<string[]> {
  const lines = (await commandsOf(script)).map((command) => command.join(' '));
  const places = WAY.map((step) => lines.findIndex((line) => step.test(line)));
  const said = (pattern: RegExp) => pattern.exec(script)?.[1];
  const instance = said(/plt_fund +=.* cloud_sql_instance = "([^"]+)"/);
  return [
    ...WAY.filter((_step, at) => (places[at] ?? -1) < Math.max(0, ...places.slice(0, at))).map(
      (step) => `lacks ${step.source}`,
    ),
    ...(said(/\?socketPath=([^"]+)"/) === `/cloudsql/${instance}`
      ? []
      : ['a secret names another socket than the connector’s']),
    ...(said(/"aud": "([^"]+)"/) === said(/audience = "([^"]+)"/)
      ? []
      : ['a token is for another audience than the system’s']),
    ...(said(/\n {2}issuer += "([^"]+)"/) === said(/\n {2}"([^"]+)" "\$\(date \+%s\)"/)
      ? []
      : ['a token is of another issuer']),
  ];
}

export const tablesOf = (sources: Readonly<Record<string, string>>): Tables =>
  JSON.parse(sources[`${SYSTEM}/tables.json`] ?? '{}');
