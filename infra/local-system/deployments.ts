import type { FunctionFolder } from '../../functions/manifest.ts';
import type { DatabaseLogin } from '../demo-data/load-demo-data.ts';
import { type DeployedFunction, deployedFunctions } from '../functions.ts';
import { AGGREGATE_QUEUE, AUDIENCE, BUCKET, EVENT_TOPIC, INVOKER, QUERY_TOPIC, WEBHOOK_QUEUE } from './names.ts';

/** A deployed function and its environment. */
export interface Deployment extends Pick<DeployedFunction, 'name' | 'target'> {
  env: Record<string, string>;
}

export interface DeploymentInputs {
  cloudEnv: Record<string, string>;
  /** Receives the traces of exports. */
  tracesEndpoint: string;
  issuer: { url: string; jwksUrl: string };
  /** The development sign-in page, and its origin, from which it hands sessions over. */
  signIn: { url: string; origin: string };
  redisUrl: string;
  recordDatabaseUrl: string;
  /** Keyed by table. */
  logins: Readonly<Record<string, DatabaseLogin>>;
  /** The URL at which Pub/Sub, Cloud Tasks and the scheduler call a function. */
  internalUrl: (name: string) => string;
  /** The public origin. */
  origin: string;
  webhooks: readonly WebhookEndpoint[];
}

/** One of WEBHOOK_ENDPOINTS, the receivers of webhooks. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  secret: string;
  events?: string[];
  source?: string;
  allowPrivate?: boolean;
}

/** The instances on Google Cloud: costs are estimated as if the functions ran there. */
const AGGREGATE_INSTANCE = { INSTANCE_CPU: '2', INSTANCE_MEMORY: '2Gi' };
const QUERY_INSTANCE = { INSTANCE_CPU: '1', INSTANCE_MEMORY: '512Mi' };

/** Every function with exactly the variables that it parses. Only a table's own function gets that table's login. */
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
  const personAuth = {
    AUTH_JWKS_URL: issuer.jwksUrl,
    AUTH_ISSUER: issuer.url,
    AUTH_AUDIENCE: AUDIENCE,
    SIGN_IN_URL: signIn.url,
  };
  const taskSender = { TASK_SERVICE_ACCOUNT: INVOKER };
  const queue = { AGGREGATE_QUEUE, AGGREGATE_URL: internalUrl('aggregate'), ...taskSender };
  // With a heap for each thread, glibc would retain DuckDB's memory several times over. V8 reserves up to 48 MiB for
  // young objects, of which code that streams bytes has few.
  const lowMemory = { MALLOC_ARENA_MAX: '1', NODE_OPTIONS: '--max-semi-space-size=4' };
  const internalAuth = (name: string) => ({
    INVOKER_SERVICE_ACCOUNT: INVOKER,
    INTERNAL_ISSUER: issuer.url,
    INTERNAL_JWKS_URL: issuer.jwksUrl,
    INTERNAL_AUDIENCE: internalUrl(name),
    INTERNAL_TOKENS_VERIFIED_BY: 'platform',
  });
  const stores = { ...records, ...files };
  const environments: Record<FunctionFolder, (deployed: DeployedFunction) => Record<string, string>> = {
    'create-report': () => ({ ...stores, ...traced, ...personAuth, ...fanIn, ...queue, ...topic }),
    'download-center': () => ({ ...stores, ...personAuth, ...fanIn, PORTAL_ORIGINS: signIn.origin }),
    aggregate: ({ name }) => ({
      ...stores,
      ...traced,
      ...internalAuth(name),
      ...fanIn,
      ...queue,
      ...topic,
      ...lowMemory,
      ...AGGREGATE_INSTANCE,
    }),
    sweep: ({ name }) => ({ ...stores, ...traced, ...internalAuth(name), ...queue, ...topic }),
    notify: ({ name }) => ({
      ...traced,
      ...internalAuth(name),
      ...taskSender,
      WEBHOOK_QUEUE,
      PAGE_URL: origin,
      WEBHOOK_ENDPOINTS: JSON.stringify(webhooks),
    }),
    'query-table': ({ name, table = '' }) => ({
      ...stores,
      ...traced,
      ...internalAuth(name),
      ...fanIn,
      ...queue,
      TABLE: table,
      TABLE_DATABASE_URL: databaseUrl(logins[table] as DatabaseLogin),
      ...QUERY_INSTANCE,
    }),
  };
  return deployedFunctions(Object.keys(logins)).map((deployed) => ({
    name: deployed.name,
    target: deployed.target,
    env: { ...cloudEnv, ...environments[deployed.folder](deployed) },
  }));
}

export function databaseUrl({ host, port, user, password, database }: DatabaseLogin): string {
  return `mysql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}
