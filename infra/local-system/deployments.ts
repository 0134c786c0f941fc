import type { DatabaseLogin } from '../demo-data/load-demo-data.ts';
import { AGGREGATE_QUEUE, AUDIENCE, BUCKET, EVENT_TOPIC, INVOKER, QUERY_TOPIC, WEBHOOK_QUEUE } from './names.ts';

/** One deployed function: which one of them all, and its environment. */
export interface Deployment {
  name: string;
  target: string;
  env: Record<string, string>;
}

export interface DeploymentInputs {
  cloudEnv: Record<string, string>;
  /** Where the traces of exports go. */
  tracesEndpoint: string;
  issuer: { url: string; jwksUrl: string };
  /** The development sign-in page, and the origin that hands over sessions from it. */
  signIn: { url: string; origin: string };
  redisUrl: string;
  recordDatabaseUrl: string;
  /** By table. */
  logins: Readonly<Record<string, DatabaseLogin>>;
  /** Where a function is called from inside. */
  internalUrl: (name: string) => string;
  /** The public origin. */
  origin: string;
  webhooks: readonly WebhookEndpoint[];
}

/** Who is told by webhook: one of WEBHOOK_ENDPOINTS. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  secret: string;
  events?: string[];
  source?: string;
  allowPrivate?: boolean;
}

/** As on Google Cloud: costs are estimated as if the functions ran there. */
const AGGREGATE_INSTANCE = { INSTANCE_CPU: '2', INSTANCE_MEMORY: '2Gi' };
const QUERY_INSTANCE = { INSTANCE_CPU: '1', INSTANCE_MEMORY: '512Mi' };

/** Every function with exactly the variables it parses. Only a table's own function knows that table's login. */
export function localDeployments(inputs: DeploymentInputs): Deployment[] {
  const {
    cloudEnv,
    tracesEndpoint,
    issuer,
    signIn,
    redisUrl,
    recordDatabaseUrl,
    logins,
    internalUrl,
    origin,
    webhooks,
  } = inputs;
  const records = { RECORD_STORE: 'mysql', RECORD_DATABASE_URL: recordDatabaseUrl, EVENT_TOPIC };
  const files = { BUCKET };
  const traced = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: tracesEndpoint };
  const fanIn = { REDIS_URL: redisUrl };
  const topic = { QUERY_TOPIC };
  const people = {
    AUTH_JWKS_URL: issuer.jwksUrl,
    AUTH_ISSUER: issuer.url,
    AUTH_AUDIENCE: AUDIENCE,
    SIGN_IN_URL: signIn.url,
  };
  const tasks = { TASK_SERVICE_ACCOUNT: INVOKER };
  const queue = { AGGREGATE_QUEUE, AGGREGATE_URL: internalUrl('aggregate'), ...tasks };
  // glibc gives each thread a heap of its own and none of them back: DuckDB's memory would be held several times over.
  // V8 keeps up to 48 MiB for young objects, and what streams bytes has few of them.
  const frugal = { MALLOC_ARENA_MAX: '1', NODE_OPTIONS: '--max-semi-space-size=4' };
  const calledAs = (name: string) => ({
    INVOKER_SERVICE_ACCOUNT: INVOKER,
    INTERNAL_ISSUER: issuer.url,
    INTERNAL_JWKS_URL: issuer.jwksUrl,
    INTERNAL_AUDIENCE: internalUrl(name),
  });
  const deploy = (name: string, target: string, env: Record<string, string>): Deployment => ({
    name,
    target,
    env: { ...cloudEnv, ...env },
  });
  const kept = { ...records, ...files };
  return [
    deploy('create-report', 'createReport', { ...kept, ...traced, ...people, ...fanIn, ...queue, ...topic }),
    deploy('download-center', 'downloadCenter', {
      ...kept,
      ...people,
      ...fanIn,
      PORTAL_ORIGINS: signIn.origin,
    }),
    deploy('aggregate', 'aggregate', {
      ...kept,
      ...traced,
      ...calledAs('aggregate'),
      ...fanIn,
      ...queue,
      ...topic,
      ...frugal,
      ...AGGREGATE_INSTANCE,
    }),
    deploy('sweep', 'sweep', { ...kept, ...traced, ...calledAs('sweep'), ...queue, ...topic }),
    deploy('notify', 'notify', {
      ...traced,
      ...calledAs('notify'),
      ...tasks,
      WEBHOOK_QUEUE,
      PAGE_URL: origin,
      WEBHOOK_ENDPOINTS: JSON.stringify(webhooks),
    }),
    ...Object.entries(logins).map(([table, login]) => {
      const name = queryFunction(table);
      const own = { TABLE: table, TABLE_DATABASE_URL: databaseUrl(login), ...QUERY_INSTANCE };
      return deploy(name, 'queryTable', { ...kept, ...traced, ...calledAs(name), ...fanIn, ...queue, ...own });
    }),
  ];
}

export const queryFunction = (table: string) => `query-table-${table}`;

export function databaseUrl({ host, port, user, password, database }: DatabaseLogin): string {
  return `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}
