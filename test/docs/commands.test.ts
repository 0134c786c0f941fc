import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { scriptOf, wayIn } from '../deploy/instructions.ts';
import { type Configuration, parseSources, readSources, type Sources } from '../terraform/configuration.ts';
import { commandFaults, tablesOf, variableFaults, wayFaults } from './check-commands.ts';

jest.setTimeout(60_000);

let sources: Sources;
let configuration: Configuration;
let readme: string;
beforeAll(async () => {
  sources = await readSources();
  configuration = await parseSources(sources);
  readme = await readFile(join(projectRoot, 'README.md'), 'utf8');
});

/** Faults that are planted all at once, each with its report. */
const PLANTED: Readonly<Record<string, readonly (readonly [from: string, to: string, fault: string])[]>> = {
  'README.md': [
    ['production output system', 'production output sytem', 'sytem: is no output'],
    ['`ip_address`', '`ip_adress`', 'ip_adress: is no output'],
    ['secret.webhook_endpoints', 'secret.webhooks', 'google_secret_manager_secret.webhooks: is not there'],
    ['versions add webhook-endpoints', 'versions add webhooks', 'webhooks: is no google_secret_manager_secret'],
  ],
  'docs/operating.md': [
    [
      'add table-database-url-plt-fund-vs-withdraw',
      'add table-database-url-plt-fund',
      'url-plt-fund: is no google_secret',
    ],
    ['function aggregate query', 'function aggregator query', 'aggregator: is no google_cloud_run_v2_service'],
  ],
  'terraform/README.md': [
    [
      'google_firestore_database.records',
      'google_firestore_database.record',
      'google_firestore_database.record: is not',
    ],
    ['production import', 'prod import', 'environments/prod: is no folder'],
    [
      '-target=module.system.google_secret_manager_secret.record_database_url',
      '-target=module.system.google_secret_manager_secret.record_url',
      'google_secret_manager_secret.record_url: is not there',
    ],
  ],
  'docs/runbook.md': [
    [
      'queues describe report-aggregate',
      'queues describe report-agregate',
      'report-agregate: is no google_cloud_tasks_queue',
    ],
    ['pull report-queries-dead-kept', 'pull report-query-dead-kept', 'report-query-dead-kept: is no google_pubsub_sub'],
    ['publish report-events', 'publish report-event', 'report-event: is no google_pubsub_topic'],
    [
      'instances describe report-fan-in',
      'instances describe report-fanin',
      'report-fanin: is no google_redis_instance',
    ],
    ['service_name="sweep"', 'service_name="sweeper"', 'sweeper: is no google_cloud_run_v2_service'],
    ['jobs describe sweep', 'jobs describe sweeping', 'sweeping: is no google_cloud_scheduler_job'],
    [
      'query-plt_fund.vs_withdraw-v1',
      'query-plt_fund.vs_withdraw-v2',
      'vs_withdraw-v2: is no google_pubsub_subscription',
    ],
    ['environments/production apply', 'environments/prod apply', 'environments/prod: is no folder'],
    ['$PROJECT-report-download-center', '$PROJECT-reports', 'reports: is no bucket'],
    ['`failed_per_hour` (5)', '`failed_per_hour` (7)', 'failed_per_hour: is 5, not 7'],
    ['`max_instances.aggregate`', '`max_instances.agregate`', 'max_instances.agregate: is no variable'],
  ],
};

describe.each(Object.keys(PLANTED))('what %s names', (path) => {
  /** Checks a page. Its variables are the README's, unless it sets its own. */
  const check = async (page: string) => [
    ...(await commandFaults(
      path === 'README.md' ? wayIn(page) : `${wayIn(readme)}${scriptOf(page)}`,
      configuration,
      tablesOf(sources),
    )),
    ...variableFaults(page, configuration),
  ];
  const read = () => readFile(join(projectRoot, path), 'utf8');

  it('is there', async () => {
    expect(await check(await read())).toEqual([]);
  });

  it('is missed with faults planted', async () => {
    const planted = PLANTED[path] ?? [];
    const page = planted.reduce((text, [from, to]) => replaced(text, from, to), await read());
    const faults = await check(page);
    for (const [, , fault] of planted) expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(fault)]));
  });
});

describe('the README’s way to a first file', () => {
  it('has every step', async () => {
    expect(await wayFaults(wayIn(readme))).toEqual([]);
  });

  it('and is missed with faults planted', async () => {
    const planted = [
      ['gcloud auth application-default login', 'true', 'lacks ^gcloud auth application-default login'],
      ['gcloud billing projects link', 'true', 'lacks ^gcloud billing'],
      ['gcloud sql import sql', 'true', 'lacks ^gcloud sql import'],
      ['--tier=db-g1-small', '--tier=db-g1-smal', 'lacks ^gcloud sql instances create'],
      ['roles/storage.objectViewer', 'roles/storage.objectViewers', 'roles\\/storage\\.objectViewer'],
      ['--role=roles/iam.serviceAccountTokenCreator', '--role=roles/viewer', 'serviceAccountTokenCreator'],
      ['socketPath=/cloudsql/', 'socketPath=/cloudsq/', 'another socket'],
      ['"aud": "report-download-center"', '"aud": "another"', 'another audience'],
      ['issuer   = "$SIGNER"', 'issuer   = "$PROJECT"', 'another issuer'],
    ] as const;
    const faults = await wayFaults(planted.reduce((text, [from, to]) => replaced(text, from, to), wayIn(readme)));
    for (const [, , fault] of planted) expect(faults).toEqual(expect.arrayContaining([expect.stringContaining(fault)]));
    expect(faults).toHaveLength(planted.length);
  });
});

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`there is no ${from}`);
  return text.replace(from, () => to);
}
