import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import { queryFunctionName } from '../functions.ts';
import type { LocalCloud } from '../local-cloud/local-cloud.ts';
import {
  AGGREGATE_QUEUE,
  BUCKET,
  EVENT_TOPIC,
  INVOKER,
  PROJECT,
  QUERY_TOPIC,
  QUEUE_LOCATION,
  WEBHOOK_QUEUE,
} from './names.ts';

/**
 * Creates the bucket, the queues, the topics and the push subscriptions (one per table, and one for events) by the
 * official clients.
 */
export async function provision(
  cloud: LocalCloud,
  tables: readonly string[],
  internalUrl: (name: string) => string,
): Promise<void> {
  // Otherwise each client would look for credentials on the network.
  const common = { projectId: PROJECT, authClient: new PassThroughClient() };
  const local = { apiEndpoint: '127.0.0.1', sslCreds: credentials.createInsecure() };
  const tasks = new CloudTasksClient({ ...common, ...local, port: cloud.tasks.port });
  const pubsub = new PubSub({ ...common, apiEndpoint: `127.0.0.1:${cloud.pubsub.port}`, emulatorMode: true });
  const storage = new Storage({ ...common, apiEndpoint: cloud.storage.url });
  try {
    await Promise.all([
      storage.createBucket(BUCKET),
      tasks.createQueue({
        parent: QUEUE_LOCATION,
        queue: {
          name: AGGREGATE_QUEUE,
          retryConfig: { maxAttempts: 100, minBackoff: { seconds: 1 }, maxBackoff: { seconds: 10 }, maxDoublings: 4 },
        },
      }),
      tasks.createQueue({
        parent: QUEUE_LOCATION,
        queue: {
          name: WEBHOOK_QUEUE,
          // A task fails only when both the attempts and the duration are used up.
          retryConfig: {
            maxAttempts: 1,
            maxRetryDuration: { seconds: 24 * 3600 },
            minBackoff: { seconds: 5 },
            maxBackoff: { seconds: 3600 },
            maxDoublings: 10,
          },
        },
      }),
      provisionQueries(pubsub, tables, internalUrl),
      provisionEvents(pubsub, internalUrl('notify')),
    ]);
  } finally {
    await Promise.all([tasks.close(), pubsub.close()]);
  }
}

async function provisionQueries(
  pubsub: PubSub,
  tables: readonly string[],
  internalUrl: (name: string) => string,
): Promise<void> {
  const { topic, deadLetters } = await createTopic(pubsub, QUERY_TOPIC);
  for (const table of tables) {
    // A filter is immutable, hence the version in the name.
    await topic.createSubscription(`query-${table}-v1`, {
      filter: `attributes:"${table}"`,
      ...pushTo(internalUrl(queryFunctionName(table))),
      ackDeadlineSeconds: 600,
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 60 } },
      deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 20 },
    });
  }
}

/** Nothing requests an event again, so its delivery is tried for hours before it becomes a dead letter. */
async function provisionEvents(pubsub: PubSub, notifyUrl: string): Promise<void> {
  const { topic, deadLetters } = await createTopic(pubsub, EVENT_TOPIC);
  await topic.createSubscription('notify', {
    ...pushTo(notifyUrl),
    ackDeadlineSeconds: 60,
    retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 600 } },
    deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 100 },
  });
}

async function createTopic(pubsub: PubSub, name: string) {
  const [[topic], [deadLetters]] = await Promise.all([pubsub.createTopic(name), pubsub.createTopic(`${name}-dead`)]);
  // A topic without a subscription discards its messages.
  await deadLetters.createSubscription(`${name}-dead-kept`);
  return { topic, deadLetters };
}

const pushTo = (pushEndpoint: string) => ({
  pushConfig: { pushEndpoint, oidcToken: { serviceAccountEmail: INVOKER, audience: pushEndpoint } },
});
