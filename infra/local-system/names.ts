/** What the local project's resources are called. */
export const PROJECT = 'local';
export const BUCKET = 'report-download-center';
export const QUERY_TOPIC = 'report-queries';
export const EVENT_TOPIC = 'report-events';
export const QUEUE_LOCATION = `projects/${PROJECT}/locations/local`;
export const AGGREGATE_QUEUE = `${QUEUE_LOCATION}/queues/report-aggregate`;
export const WEBHOOK_QUEUE = `${QUEUE_LOCATION}/queues/report-webhooks`;

/** Whom Pub/Sub, Cloud Tasks and the scheduler call as. */
export const INVOKER = 'invoker@local.iam.gserviceaccount.com';

/** What people's tokens are for. */
export const AUDIENCE = 'report-download-center';
