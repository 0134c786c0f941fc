/** What the local project's resources are called. */
export const PROJECT = 'local';
export const BUCKET = 'report-download-center';
export const QUERY_TOPIC = 'report-queries';
export const DEAD_LETTER_TOPIC = 'report-queries-dead';
export const QUEUE_LOCATION = `projects/${PROJECT}/locations/local`;
export const AGGREGATE_QUEUE = `${QUEUE_LOCATION}/queues/report-aggregate`;

/** Whom Pub/Sub, Cloud Tasks and the scheduler call as. */
export const INVOKER = 'invoker@local.iam.gserviceaccount.com';

/** What people's tokens are for. */
export const AUDIENCE = 'report-download-center';
