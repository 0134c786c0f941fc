import { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import type { LocalCloud } from '../local-cloud/local-cloud.ts';
import { queryFunction } from './deployments.ts';
import { AGGREGATE_QUEUE, BUCKET, DEAD_LETTER_TOPIC, INVOKER, PROJECT, QUERY_TOPIC, QUEUE_LOCATION } from './names.ts';

/** Makes the bucket, the queue, the topics and a push subscription per table, through the official clients. */
export async function provision(
  cloud: LocalCloud,
  tables: readonly string[],
  internalUrl: (name: string) => string,
): Promise<void> {
  // Without it each client would ask the network for credentials.
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
      provisionTopics(pubsub, tables, internalUrl),
    ]);
  } finally {
    await Promise.all([tasks.close(), pubsub.close()]);
  }
}

async function provisionTopics(
  pubsub: PubSub,
  tables: readonly string[],
  internalUrl: (name: string) => string,
): Promise<void> {
  const [[topic], [deadLetters]] = await Promise.all([
    pubsub.createTopic(QUERY_TOPIC),
    pubsub.createTopic(DEAD_LETTER_TOPIC),
  ]);
  // A dead-letter topic without a subscription loses what it is given.
  await deadLetters.createSubscription(`${DEAD_LETTER_TOPIC}-kept`);
  for (const table of tables) {
    const pushEndpoint = internalUrl(queryFunction(table));
    // A filter cannot be changed, hence the version in the name.
    await topic.createSubscription(`query-${table}-v1`, {
      filter: `attributes:"${table}"`,
      pushConfig: { pushEndpoint, oidcToken: { serviceAccountEmail: INVOKER, audience: pushEndpoint } },
      ackDeadlineSeconds: 600,
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 60 } },
      deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 20 },
    });
  }
}
