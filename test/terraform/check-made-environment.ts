import type { ConfigParser } from '../../shared/config/parse-config.ts';
import { differences } from './check-made.ts';
import type { Body } from './configuration.ts';
import { services } from './expected-services.ts';
import type { System } from './made.ts';
import { callersOf } from './made-grants.ts';
import { type Settings, settingsOf } from './settings.ts';

/** The parser of each function, by the function's folder. */
export type Parsers = Readonly<Record<string, ConfigParser<never>>>;

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly value_source?: readonly { secret_key_ref: readonly { secret: string; version: string }[] }[];
}

/** Example values of the secrets that an operator fills. */
const FILLED: Readonly<Record<string, string>> = {
  TABLE_DATABASE_URL: 'mysql://reports:password@localhost/plt_fund?socketPath=/cloudsql/p:r:i',
  RECORD_DATABASE_URL: 'mysql://reports:password@localhost/plt_basic',
  WEBHOOK_ENDPOINTS: '[]',
  REDIS_CA: 'certificate',
};

/** Finds the variables that a function does not accept, and those that lead elsewhere than intended. */
export function madeEnvironmentFaults(system: System, parsers: Parsers): string[] {
  const settings = settingsOf(system);
  return services(settings).flatMap(({ address, name, cpu, memory }) => {
    const service = system.made.find((one) => one.address === `${address}.google_cloud_run_v2_service.this`);
    const [template] = (service?.values.template ?? []) as unknown as { containers: { env: Variable[] }[] }[];
    const given = template?.containers[0]?.env ?? [];
    const table = /\["(.+)"\]/.exec(address)?.[1] ?? '';
    const caller = (of: string) => callersOf(system, of).join();
    const wanted: Body = {
      ...valuesOf(settings),
      INSTANCE_CPU: cpu,
      INSTANCE_MEMORY: memory,
      INTERNAL_AUDIENCE: settings.url(name),
      INVOKER_SERVICE_ACCOUNT: caller(name === 'create-report' ? 'aggregate' : name),
      TASK_SERVICE_ACCOUNT: caller('aggregate'),
      TABLE: table,
    };
    const secrets = secretsOf(settings, table);
    return [
      ...given.flatMap(({ name: variable, value, value_source: from }) =>
        differences(
          (value ?? from) as unknown as Body,
          variable in secrets
            ? [{ secret_key_ref: [{ secret: secrets[variable] ?? '', version: 'latest' }] }]
            : wanted[variable],
          `${name}: ${variable}`,
        ),
      ),
      ...refusals(name, given, system, parsers),
    ];
  });
}

function refusals(name: string, given: readonly Variable[], { made }: System, parsers: Parsers): string[] {
  const redis = made.find(({ address }) => address === 'google_secret_manager_secret_version.redis_url')?.values
    .secret_data;
  const url = String(redis).replaceAll(/google_redis_instance\.fan_in\.(\w+)/g, (_all, told) =>
    told === 'port' ? '6378' : told.replace('_', '-'),
  );
  const filled: Readonly<Record<string, string>> = { ...FILLED, REDIS_URL: url };
  try {
    const parse = parsers[name.startsWith('query-') ? 'query-table' : name];
    parse?.(Object.fromEntries(given.map(({ name: variable, value }) => [variable, value ?? filled[variable]])));
    return parse ? [] : [`${name}: nothing parses its environment`];
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
}

/** Returns the expected value of each variable, the same in every function. */
const valuesOf = ({ project, bucket, url, origin, records, people, limits, days, join }: Settings): Body => ({
  GOOGLE_CLOUD_PROJECT: project,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://telemetry.googleapis.com/v1/traces',
  RECORD_STORE: records ? 'mysql' : 'firestore',
  EVENT_TOPIC: 'report-events',
  QUERY_TOPIC: 'report-queries',
  BUCKET: bucket,
  AGGREGATE_QUEUE: 'google_cloud_tasks_queue.aggregate',
  AGGREGATE_URL: url('aggregate'),
  WEBHOOK_QUEUE: 'google_cloud_tasks_queue.webhooks',
  PAGE_URL: origin,
  INTERNAL_ISSUER: 'https://accounts.google.com',
  INTERNAL_JWKS_URL: 'https://www.googleapis.com/oauth2/v3/certs',
  INTERNAL_TOKENS_VERIFIED_BY: 'platform',
  AUTH_JWKS_URL: people.jwks_url,
  AUTH_ISSUER: people.issuer,
  AUTH_AUDIENCE: people.audience,
  AUTH_CLAIM_ADMIN: people.claims.admin ?? 'sub',
  AUTH_CLAIM_DEPARTMENT: people.claims.department ?? 'department',
  AUTH_CLAIM_ROLES: people.claims.roles ?? 'roles',
  AUTH_CLAIM_SOURCE: people.claims.source ?? 'azp',
  SIGN_IN_URL: people.sign_in_url,
  PORTAL_ORIGINS: people.portal_origins.join(' '),
  REQUESTS_PER_MINUTE: `${limits.requests_per_minute}`,
  ORDERS_PER_MINUTE: `${limits.orders_per_minute}`,
  FILE_DAYS: `${days.file_days}`,
  RECORD_DAYS: `${days.record_days}`,
  JOIN_MEMORY_LIMIT: join.memory_limit,
  JOIN_SPILL_LIMIT: join.spill_limit,
  MALLOC_ARENA_MAX: '1',
  NODE_OPTIONS: '--max-semi-space-size=4',
});

const secretsOf = ({ records }: Settings, table: string): Readonly<Record<string, string>> => ({
  REDIS_URL: 'google_secret_manager_secret.redis_url',
  REDIS_CA: 'google_secret_manager_secret.redis_ca',
  TABLE_DATABASE_URL: `google_secret_manager_secret.table_database_url["${table}"]`,
  WEBHOOK_ENDPOINTS: 'google_secret_manager_secret.webhook_endpoints',
  ...(records ? { RECORD_DATABASE_URL: 'google_secret_manager_secret.record_database_url[0]' } : {}),
});
