import { z } from 'zod';

/**
 * The environment variables, by what they are for. Each function's configuration is made of those groups that it needs, so that no function
 * is given a credential that is not its own.
 */

const text = z.string().min(1);
const days = z.coerce.number().positive();

export const project = {
  /** The Google Cloud project's id. */
  GOOGLE_CLOUD_PROJECT: text,
};

export const tracing = {
  /** Where the traces of exports are sent, by OTLP over HTTP in protobuf, e.g. https://telemetry.googleapis.com/v1/traces. Nowhere unless given. */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
};

export const recordStore = {
  RECORD_STORE: z.enum(['firestore', 'mysql']).default('firestore'),
  /** mysql://user:password@host:port/plt_basic; for RECORD_STORE=mysql alone. */
  RECORD_DATABASE_URL: z.url().optional(),
  /** The topic on which is told what became of records. */
  EVENT_TOPIC: text.default('report-events'),
};

export const fanIn = {
  /** redis:// or rediss://, with the password. */
  REDIS_URL: z.url(),
  /** PEM certificates of whoever signed the server's, if nobody else would know them: Memorystore's. */
  REDIS_CA: text.optional(),
};

export const files = {
  /** The bucket of parts and files. */
  BUCKET: text,
};

const tasks = {
  /** The service account whose OIDC token tasks carry. */
  TASK_SERVICE_ACCOUNT: z.email(),
  /** host:port of a local Cloud Tasks server. */
  CLOUD_TASKS_EMULATOR_HOST: text.optional(),
};

export const aggregateQueue = {
  ...tasks,
  /** projects/…/locations/…/queues/… */
  AGGREGATE_QUEUE: text,
  /** The aggregate function's URL. */
  AGGREGATE_URL: z.url(),
};

export const webhookQueue = {
  ...tasks,
  /** projects/…/locations/…/queues/… */
  WEBHOOK_QUEUE: text,
};

export const queryTopic = {
  /** The topic that asks the tables. */
  QUERY_TOPIC: text.default('report-queries'),
};

/** How calls from Pub/Sub, Cloud Tasks and Cloud Scheduler are verified. */
export const internalCalls = {
  /** The one service account whose OIDC tokens this function accepts. */
  INVOKER_SERVICE_ACCOUNT: z.email(),
  /** The audience of the tokens: this function's URL. */
  INTERNAL_AUDIENCE: z.url(),
  INTERNAL_ISSUER: text.default('https://accounts.google.com'),
  INTERNAL_JWKS_URL: z.url().default('https://www.googleapis.com/oauth2/v3/certs'),
  /** `platform` where IAM lets that account alone call this function: then Cloud Run has verified the token's signature, and taken it out. */
  INTERNAL_TOKENS_VERIFIED_BY: z.enum(['function', 'platform']).default('function'),
};

/** How people's tokens are verified, and which of their claims say who they are. */
export const people = {
  AUTH_JWKS_URL: z.url(),
  AUTH_ISSUER: text,
  AUTH_AUDIENCE: text,
  AUTH_CLAIM_ADMIN: text.default('sub'),
  AUTH_CLAIM_DEPARTMENT: text.default('department'),
  AUTH_CLAIM_ROLES: text.default('roles'),
  AUTH_CLAIM_SOURCE: text.default('azp'),
};

/** How often one person may ask, a minute. */
export const rateLimits = {
  REQUESTS_PER_MINUTE: z.coerce.number().int().positive().default(600),
  /** Requests that ask for a report. */
  ORDERS_PER_MINUTE: z.coerce.number().int().positive().default(60),
};

/** How people come to their session. */
export const sessions = {
  /** Where the page sends whoever is not signed in, with `?to=` and the path to come back to. */
  SIGN_IN_URL: z.url().optional(),
};

/** The admin portals. */
export const portals = {
  /** Origins, separated by spaces, whose pages may hand over a session and embed the page. */
  PORTAL_ORIGINS: z
    .string()
    .default('')
    .transform((origins) => origins.split(' ').filter(Boolean))
    .pipe(z.array(z.string().refine((url) => URL.parse(url)?.origin === url, 'an origin is scheme://host[:port]'))),
};

export const page = {
  /** The download center's public origin, e.g. https://downloads.example.com. */
  PAGE_URL: z.url(),
};

/** What the platform gives an instance; it tells nobody else. */
export const instance = {
  /** Processors. */
  INSTANCE_CPU: z.coerce.number().positive(),
  /** As Cloud Run's limits are written: 512Mi, 2Gi. In GiB here. */
  INSTANCE_MEMORY: z
    .string()
    .regex(/^[1-9]\d*(Mi|Gi)$/)
    .transform((limit) => Number.parseInt(limit, 10) / (limit.endsWith('Mi') ? 1024 : 1)),
};

export const retention = {
  /** Files go after so many days. */
  FILE_DAYS: days.default(7),
  /** Records go after so many days. */
  RECORD_DAYS: days.default(180),
};
