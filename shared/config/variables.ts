import { z } from 'zod';

/**
 * The environment variables, grouped by purpose. Each function's configuration consists of the groups that it needs, so
 * that no function receives a credential that it does not need.
 */

const text = z.string().min(1);
const days = z.coerce.number().positive();

export const project = {
  /** The Google Cloud project id. */
  GOOGLE_CLOUD_PROJECT: text,
};

export const tracing = {
  /**
   * Where traces of exports are sent: an OTLP endpoint over HTTP in protobuf, e.g.
   * https://telemetry.googleapis.com/v1/traces. If absent, no traces are sent.
   */
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.url().optional(),
};

const pubsub = {
  /** host:port of a local Pub/Sub server. */
  PUBSUB_EMULATOR_HOST: text.optional(),
};

export const recordStore = {
  ...pubsub,
  RECORD_STORE: z.enum(['firestore', 'mysql']).default('firestore'),
  /** mysql://user:password@host:port/plt_basic; only for RECORD_STORE=mysql. */
  RECORD_DATABASE_URL: z.url().optional(),
  /** The topic to which the terminal statuses of records are published. */
  EVENT_TOPIC: text.default('report-events'),
};

export const fanIn = {
  /** A redis:// or rediss:// URL, including the password. */
  REDIS_URL: z.url(),
  /**
   * PEM certificates of the authorities that signed the server's certificate, if they are not publicly known, as with
   * Memorystore.
   */
  REDIS_CA: text.optional(),
};

export const files = {
  /** The bucket for parts and files. */
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
  ...pubsub,
  /** The topic for requests to the table functions. */
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
  /**
   * `platform` if IAM allows only that account to call this function: Cloud Run has then verified the token's signature
   * and removed it.
   */
  INTERNAL_TOKENS_VERIFIED_BY: z.enum(['function', 'platform']).default('function'),
};

/** How people's tokens are verified, and which of their claims identify the person. */
export const people = {
  AUTH_JWKS_URL: z.url(),
  AUTH_ISSUER: text,
  AUTH_AUDIENCE: text,
  AUTH_CLAIM_ADMIN: text.default('sub'),
  AUTH_CLAIM_DEPARTMENT: text.default('department'),
  AUTH_CLAIM_ROLES: text.default('roles'),
  AUTH_CLAIM_SOURCE: text.default('azp'),
};

/** How many requests one person may send per minute. */
export const rateLimits = {
  REQUESTS_PER_MINUTE: z.coerce.number().int().positive().default(600),
  /** Requests that order a report. */
  ORDERS_PER_MINUTE: z.coerce.number().int().positive().default(60),
};

/** How people get a session. */
export const sessions = {
  /** Where the page sends people who are not signed in, with `?to=` and the path to return to. */
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

/** The resources that the platform gives an instance; the platform itself does not report them to the instance. */
export const instance = {
  /** The number of processors. */
  INSTANCE_CPU: z.coerce.number().positive(),
  /** In the notation of Cloud Run's limits: 512Mi, 2Gi. Converted to GiB here. */
  INSTANCE_MEMORY: z
    .string()
    .regex(/^[1-9]\d*(Mi|Gi)$/)
    .transform((limit) => Number.parseInt(limit, 10) / (limit.endsWith('Mi') ? 1024 : 1)),
};

export const retention = {
  /** The number of days after which files are deleted. */
  FILE_DAYS: days.default(7),
  /** The number of days after which records are deleted. */
  RECORD_DAYS: days.default(180),
};
