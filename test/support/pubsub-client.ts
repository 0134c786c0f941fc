import { type CreateSubscriptionOptions, PubSub, type Topic, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { PassThroughClient } from 'google-auth-library';
import { type Reply, startEndpoint } from './endpoint.ts';

const FAST_RETRY = { minimumBackoff: { nanos: 5e6 }, maximumBackoff: { nanos: 20e6 } };

/** Creates the official client of a Pub/Sub on this machine, with helpers for tests. */
export function createPubSubClient({ port }: { port: number }) {
  // Otherwise each client would look for credentials on the network.
  const common = { projectId: 'local', authClient: new PassThroughClient() };
  const pubsub = new PubSub({ ...common, apiEndpoint: `127.0.0.1:${port}`, emulatorMode: true });
  /** For unary pulls, which the high-level client lacks. */
  const puller = new v1.SubscriberClient({
    ...common,
    servicePath: '127.0.0.1',
    port,
    sslCreds: credentials.createInsecure(),
  });
  let names = 0;
  const newName = () => `name-${++names}`;
  return {
    pubsub,
    puller,
    newName,
    newTopic: async (): Promise<Topic> => (await pubsub.createTopic(newName()))[0],
    /** Pulls the messages that are available now. */
    pull: async (subscription: string) =>
      (await puller.pull({ subscription, maxMessages: 5, returnImmediately: true }))[0].receivedMessages ?? [],
    /** Creates a push subscription with its own endpoint. `await using` closes the endpoint. */
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
        /** Returns the pushed bodies, parsed. */
        bodies: () => endpoint.received.map(({ body }) => JSON.parse(body)),
        [Symbol.asyncDispose]: endpoint.close,
      };
    },
    close: () => Promise.all([pubsub.close(), puller.close()]),
  };
}
