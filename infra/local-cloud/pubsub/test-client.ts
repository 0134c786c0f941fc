import { type CreateSubscriptionOptions, PubSub, type Topic, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import type { LocalCloud } from '../local-cloud.ts';
import { type Reply, startEndpoint } from '../test-support.ts';

const FAST_RETRY = { minimumBackoff: { nanos: 5e6 }, maximumBackoff: { nanos: 20e6 } };

/** The official client on `cloud`, and what the tests make with it. */
export function createPubSubClient(cloud: LocalCloud) {
  const pubsub = new PubSub({ projectId: 'local' });
  const options = { servicePath: '127.0.0.1', port: cloud.pubsub.port, sslCreds: credentials.createInsecure() };
  const puller = new v1.SubscriberClient({ projectId: 'local', ...options });
  let names = 0;
  const newName = () => `name-${++names}`;
  return {
    pubsub,
    /** For unary pulls, which the handwritten client does not offer. */
    puller,
    newName,
    newTopic: async (): Promise<Topic> => (await pubsub.createTopic(newName()))[0],
    /** A push subscription with an endpoint of its own. `await using` closes the endpoint. */
    subscribe: async (topic: Topic, asked: CreateSubscriptionOptions = {}, reply?: Reply) => {
      const endpoint = await startEndpoint(reply);
      const [subscription] = await topic.createSubscription(newName(), {
        pushConfig: { pushEndpoint: `${endpoint.url}/push` },
        retryPolicy: FAST_RETRY,
        ...asked,
      });
      return {
        subscription,
        received: endpoint.received,
        /** What was pushed, parsed. */
        bodies: () => endpoint.received.map(({ body }) => JSON.parse(body)),
        /** Each request that was made for the subscription. */
        log: () => {
          const own = cloud.pubsub.deliveries.filter(({ item }) => item.subscription === subscription.name);
          return own.map(({ attempt, outcome }) => ({ attempt, outcome }));
        },
        [Symbol.asyncDispose]: endpoint.close,
      };
    },
    close: () => Promise.all([pubsub.close(), puller.close()]),
  };
}
