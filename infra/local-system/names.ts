/** The names of the local project's resources. */
export const PROJECT = 'local';
export const BUCKET = 'report-download-center';
export const QUERY_TOPIC = 'report-queries';
export const EVENT_TOPIC = 'report-events';
export const QUEUE_LOCATION = `projects/${PROJECT}/locations/local`;
export const AGGREGATE_QUEUE = `${QUEUE_LOCATION}/queues/report-aggregate`;
export const WEBHOOK_QUEUE = `${QUEUE_LOCATION}/queues/report-webhooks`;

/** The service account as which Pub/Sub, Cloud Tasks and the scheduler call. */
export const INVOKER = 'invoker@local.iam.gserviceaccount.com';

/** The audience of people's tokens. */
export const AUDIENCE = 'report-download-center';
