import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import type { Tables } from './check-names.ts';
import { type Body, SYSTEM, type Value } from './configuration.ts';

/** The values with which an environment is created. No two values that could be confused are equal. */
export interface Setting {
  readonly environment: string;
  /** The variables of the root module. */
  readonly variables: Body & { readonly project_id: string; readonly region: string; readonly domain: string };
  /** The variables of the system that the root module leaves at their defaults. */
  readonly besides: Body;
}

export const tables: Tables = JSON.parse(readFileSync(join(projectRoot, SYSTEM, 'tables.json'), 'utf8'));

/** The databases, as far as the settings below do not describe them. */
const databases = Object.fromEntries(Object.values(tables).map(({ database }) => [database, { connection_limit: 40 }]));

const people = {
  jwks_url: 'https://portal.example.com/keys',
  issuer: 'https://portal.example.com',
  audience: 'reports',
  claims: { admin: 'who', department: 'where', roles: 'what', source: 'whence' },
  sign_in_url: 'https://portal.example.com/sign-in',
  portal_origins: ['https://portal.example.com', 'https://other.example.com'],
};

/**
 * Together they cover records in Firestore and in MySQL, with and without connectors, access for everybody and through
 * IAP, and a network of its own and of another project.
 */
export const SETTINGS: readonly Setting[] = [
  {
    environment: 'production',
    variables: {
      project_id: 'my-production',
      region: 'europe-west1',
      domain: 'downloads.example.com',
      databases: {
        ...databases,
        plt_account: { connection_limit: 23, cloud_sql_instance: 'account-project:europe-west1:account' },
        plt_fund: { connection_limit: 47, cloud_sql_instance: 'fund-project:europe-west1:fund' },
        plt_user: { connection_limit: 13 },
      },
      people,
      max_instances: { create_report: 3, download_center: 4, aggregate: 5, notify: 6 },
      notification_channels: ['projects/my-production/notificationChannels/1'],
      runbook_url: 'https://git.example.com/runbook.md',
    },
    besides: {},
  },
  {
    environment: 'staging',
    variables: {
      project_id: 'my-staging',
      region: 'asia-east1',
      domain: 'staging.example.com',
      databases: {
        ...databases,
        plt_account: { connection_limit: 20 },
        plt_fund: { connection_limit: 40, cloud_sql_instance: 'fund-project:asia-east1:fund' },
        plt_user: { connection_limit: 20 },
      },
      record_database: { connection_limit: 500, cloud_sql_instance: 'record-project:asia-east1:records' },
      people: { ...people, claims: {}, sign_in_url: null, portal_origins: [] },
      access: { mode: 'iap', members: ['group:admins@example.com'] },
      max_instances: { create_report: 7, download_center: 8, aggregate: 9, notify: 11 },
      notification_channels: ['projects/my-staging/notificationChannels/2'],
      runbook_url: 'https://git.example.com/runbook.md',
    },
    besides: {
      network: {
        network: 'projects/host-project/global/networks/shared',
        subnetwork: 'projects/host-project/regions/asia-east1/subnetworks/shared',
      },
      bucket_name: 'my-files',
      join: { memory: '4Gi', memory_limit: '300MB', spill_limit: '2GB' },
      rate_limits: { requests_per_minute: 300, orders_per_minute: 30 },
      retention: { file_days: 2.5, record_days: 90 },
    },
  },
];

/** Returns the values with which an environment is created: the setting's, or else the module's defaults. */
export function settingsOf({ environment, variables, besides }: Setting) {
  const { project_id: project, region, domain, databases, record_database: records, ...rest } = variables;
  return {
    project,
    region,
    domain,
    origin: `https://${domain}`,
    url: (service: string) => `https://${service}-123456789012.${region}.run.app`,
    databases: databases as unknown as Readonly<Record<string, Database>>,
    records: records as unknown as Database | undefined,
    people: rest.people as Body & { readonly claims: Body; readonly portal_origins: readonly string[] },
    access: (rest.access ?? { mode: 'everyone', members: [] }) as Body & { members: string[] },
    most: rest.max_instances as Readonly<Record<'create_report' | 'download_center' | 'aggregate' | 'notify', number>>,
    channels: rest.notification_channels as Value[],
    runbook: String(rest.runbook_url),
    bucket: String(besides.bucket_name ?? `${project}-report-download-center`),
    join: (besides.join ?? { memory: '2Gi', memory_limit: '160MB', spill_limit: '1GB' }) as {
      memory: string;
      memory_limit: string;
      spill_limit: string;
    },
    limits: (besides.rate_limits ?? { requests_per_minute: 600, orders_per_minute: 60 }) as Body,
    days: (besides.retention ?? { file_days: 7, record_days: 180 }) as { file_days: number; record_days: number },
    network: (besides.network ?? {
      network: 'module.network.google_compute_network.this',
      subnetwork: `projects/${project}/regions/${region}/subnetworks/report-functions`,
    }) as Body,
    tier: environment === 'staging' ? 'BASIC' : 'STANDARD_HA',
  };
}
interface Database {
  readonly connection_limit: number;
  readonly cloud_sql_instance?: string;
}
export type Settings = ReturnType<typeof settingsOf>;
