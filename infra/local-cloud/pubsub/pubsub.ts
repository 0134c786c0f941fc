import { Deliverer } from '../deliverer.ts';
import type { Issuer } from '../issuer.ts';
import { fromMs } from '../proto-time.ts';
import { alreadyExists, invalidArgument, notFound } from '../rpc-error.ts';
import { pageOf, type RpcMethods, startRpcServer } from '../rpc-server.ts';
import type { AttributeFilter } from './filter.ts';
import { createPullSubscription, type PullSubscription } from './pull-subscription.ts';
import { createPushSubscription, type Push } from './push-subscription.ts';
import { checkSubscription, type PubSubMessage, type Subscription, type SubscriptionConfig } from './subscription.ts';

/**
 * Pub/Sub over gRPC, as `@google-cloud/pubsub` speaks it to PUBSUB_EMULATOR_HOST, and over HTTP and JSON, as the
 * functions publish.
 *
 * Supported: topics and subscriptions (create, get, list, delete), publish with Pub/Sub's limits, filters, push with
 * OIDC tokens, ack deadlines, retry policy and dead letters, unary Pull and Acknowledge. Rejected as unsupported:
 * ordering, exactly-once delivery, unwrapped push, export subscriptions, transforms, dead letters of pull
 * subscriptions, https endpoints. Answered with UNIMPLEMENTED: streaming pull, ModifyAckDeadline, updates, schemas,
 * snapshots, seek. Silently missing: message retention (a message is kept until acknowledged) and push flow control.
 * Everything is in memory.
 */
export interface PubSubServer extends Pick<Deliverer<Push>, 'faults' | 'deliveries'> {
  readonly port: number;
  close(): void;
}

interface Topic {
  config: { name: string };
  subscriptions: Map<Subscription, AttributeFilter>;
}

const ID = '(?!goog)[A-Za-z][\\w.~+%-]{2,254}';
const TOPIC_NAME = new RegExp(`^projects/[^/]+/topics/${ID}$`);
const SUBSCRIPTION_NAME = new RegExp(`^projects/[^/]+/subscriptions/${ID}$`);
const REQUEST_BYTES = 10_000_000;
const REQUEST_MESSAGES = 1000;

export async function startPubSub({ issuer }: { issuer: Issuer }): Promise<PubSubServer> {
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, Subscription>();
  const deliverer = new Deliverer<Push>();
  // Unique across restarts, for consumers that remember ids.
  let lastMessageId = Date.now() * 1000;

  const publish = (topic: Topic, content: Pick<PubSubMessage, 'data' | 'attributes' | 'orderingKey'>): string => {
    const { data, attributes, orderingKey } = content;
    const messageId = String(++lastMessageId);
    const message = { messageId, publishTime: new Date(), data, attributes, orderingKey };
    for (const [subscription, passes] of topic.subscriptions) if (passes(attributes)) subscription.offer(message);
    return messageId;
  };

  const publisher: RpcMethods = {
    createTopic: (topic: { name: string }) => {
      requireName(topic.name, TOPIC_NAME);
      if (topics.has(topic.name)) throw taken(topic.name);
      topics.set(topic.name, { config: topic, subscriptions: new Map() });
      return topic;
    },
    getTopic: ({ topic }: { topic: string }) => find(topics, topic).config,
    listTopics: (request: { project: string; pageSize: number; pageToken: string }) => {
      const { page, nextPageToken } = pageOf(within(topics, request.project), request);
      return { topics: page.map(({ config }) => config), nextPageToken };
    },
    deleteTopic: ({ topic }: { topic: string }) => {
      // The subscriptions remain, and still deliver their messages.
      for (const { config } of find(topics, topic).subscriptions.keys()) config.topic = '_deleted-topic_';
      topics.delete(topic);
      return {};
    },
    publish: ({ topic, messages }: { topic: string; messages: PubSubMessage[] }) => {
      const found = find(topics, topic);
      checkMessages(messages);
      return { messageIds: messages.map((message) => publish(found, message)) };
    },
  };

  const createSubscription = (config: SubscriptionConfig): Subscription => {
    const { pushConfig, deadLetterPolicy } = config;
    if (!pushConfig?.pushEndpoint) return createPullSubscription(config);
    const deadLetter = (message: PubSubMessage, attempts: number): boolean => {
      const topic = topics.get(deadLetterPolicy?.deadLetterTopic ?? '');
      if (topic) publish(topic, { ...message, attributes: deadLetterAttributes(message, config.name, attempts) });
      return topic !== undefined;
    };
    return createPushSubscription({ config: { ...config, pushConfig }, deliverer, issuer, deadLetter });
  };

  const subscriber: RpcMethods = {
    createSubscription: (asked: SubscriptionConfig) => {
      requireName(asked.name, SUBSCRIPTION_NAME);
      const topic = find(topics, asked.topic);
      const { config, passes } = checkSubscription(asked);
      if (config.deadLetterPolicy) find(topics, config.deadLetterPolicy.deadLetterTopic);
      if (subscriptions.has(config.name)) throw taken(config.name);
      const subscription = createSubscription(config);
      subscriptions.set(config.name, subscription);
      topic.subscriptions.set(subscription, passes);
      return described(subscription);
    },
    getSubscription: ({ subscription }: { subscription: string }) => described(find(subscriptions, subscription)),
    listSubscriptions: (request: { project: string; pageSize: number; pageToken: string }) => {
      const { page, nextPageToken } = pageOf(within(subscriptions, request.project), request);
      return { subscriptions: page.map(described), nextPageToken };
    },
    deleteSubscription: ({ subscription: name }: { subscription: string }) => {
      const subscription = find(subscriptions, name);
      subscription.close();
      subscriptions.delete(name);
      for (const topic of topics.values()) topic.subscriptions.delete(subscription);
      return {};
    },
    pull: ({ subscription, maxMessages }: { subscription: string; maxMessages: number }) => {
      const received = pullable(find(subscriptions, subscription)).pull(maxMessages);
      return { receivedMessages: received.map(({ ackId, message }) => ({ ackId, message: onWire(message) })) };
    },
    acknowledge: ({ subscription, ackIds }: { subscription: string; ackIds: string[] }) => {
      pullable(find(subscriptions, subscription)).acknowledge(ackIds);
      return {};
    },
  };

  const server = await startRpcServer('@google-cloud/pubsub', {
    'google.pubsub.v1.Publisher': publisher,
    'google.pubsub.v1.Subscriber': subscriber,
  });
  return {
    port: server.port,
    faults: deliverer.faults,
    deliveries: deliverer.deliveries,
    close: () => {
      server.close();
      deliverer.close();
    },
  };
}

const id = (name: string) => name.split('/').at(-1);

const taken = (name: string) => alreadyExists(`Resource already exists in the project (resource=${id(name)}).`);

const described = ({ config }: Subscription) => ({ ...config, state: 'ACTIVE' });

const onWire = (message: PubSubMessage) => ({ ...message, publishTime: fromMs(message.publishTime.getTime()) });

function find<T>(resources: Map<string, T>, name: string): T {
  const resource = resources.get(name);
  if (resource === undefined) throw notFound(`Resource not found (resource=${id(name)}).`);
  return resource;
}

function within<T>(resources: Map<string, T>, project: string): T[] {
  return [...resources].filter(([name]) => name.startsWith(`${project}/`)).map(([, resource]) => resource);
}

function requireName(name: string, pattern: RegExp): void {
  if (!pattern.test(name)) throw invalidArgument(`Invalid resource name given (name=${name}).`);
}

function pullable(subscription: Subscription): PullSubscription {
  if (!('pull' in subscription)) throw invalidArgument('This method is not supported for this subscription type.');
  return subscription as PullSubscription;
}

/** The limits of cloud.google.com/pubsub/quotas#resource_limits. */
function checkMessages(messages: PubSubMessage[]): void {
  if (messages.length === 0) throw invalidArgument('The request contains no messages.');
  if (messages.length > REQUEST_MESSAGES) throw invalidArgument(`The request has over ${REQUEST_MESSAGES} messages.`);
  let bytes = 0;
  for (const { data, attributes } of messages) {
    const entries = Object.entries(attributes);
    if (data.length === 0 && entries.length === 0) throw invalidArgument('Some messages in the request are empty.');
    if (entries.length > 100) throw invalidArgument('A message has over 100 attributes.');
    bytes += data.length;
    for (const [key, value] of entries) {
      const [keyBytes, valueBytes] = [Buffer.byteLength(key), Buffer.byteLength(value)];
      if (keyBytes > 256 || valueBytes > 1024) throw invalidArgument(`The attribute ${key.slice(0, 256)} is too long.`);
      bytes += keyBytes + valueBytes;
    }
  }
  if (bytes > REQUEST_BYTES) throw invalidArgument(`The request is ${bytes} bytes; the limit is ${REQUEST_BYTES}.`);
}

/** The attributes that Pub/Sub adds to a dead letter (cloud.google.com/pubsub/docs/handling-failures). */
function deadLetterAttributes(message: PubSubMessage, subscription: string, attempts: number) {
  return {
    ...message.attributes,
    CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
    CloudPubSubDeadLetterSourceSubscription: subscription.split('/')[3] as string,
    CloudPubSubDeadLetterSourceSubscriptionProject: subscription.split('/')[1] as string,
    CloudPubSubDeadLetterSourceTopicPublishTime: message.publishTime.toISOString().replace('Z', '+00:00'),
  };
}
