import { fromMs, type ProtoTime, toMs } from '../proto-time.ts';
import { invalidArgument, outOfRange, unimplemented } from '../rpc-error.ts';
import { type AttributeFilter, FilterSyntaxError, parseFilter } from './filter.ts';

/** A published message. */
export interface PubSubMessage {
  messageId: string;
  publishTime: Date;
  data: Buffer;
  attributes: Record<string, string>;
  orderingKey: string;
}

/** google.pubsub.v1.Subscription in its wire form: the fields that this server reads, and those that it must reject. */
export interface SubscriptionConfig {
  name: string;
  topic: string;
  pushConfig: PushConfig | null;
  ackDeadlineSeconds: number;
  filter: string;
  deadLetterPolicy: { deadLetterTopic: string; maxDeliveryAttempts: number } | null;
  retryPolicy: { minimumBackoff: ProtoTime | null; maximumBackoff: ProtoTime | null } | null;
  bigqueryConfig: object | null;
  cloudStorageConfig: object | null;
  bigtableConfig: object | null;
  messageTransforms: object[];
  enableMessageOrdering: boolean;
  enableExactlyOnceDelivery: boolean;
}

export interface PushConfig {
  pushEndpoint: string;
  oidcToken: { serviceAccountEmail: string; audience: string } | null;
  noWrapper: object | null;
}

/** A created subscription. It gets its messages by `offer`. */
export interface Subscription {
  readonly config: SubscriptionConfig;
  /** Accepts a message that passed the filter. */
  offer(message: PubSubMessage): void;
  /** Drops unacknowledged messages. */
  close(): void;
}

const FILTER_BYTES = 256;

/** Validates a request as Pub/Sub does, and fills in Pub/Sub's defaults. Throws RpcError. */
export function checkSubscription(asked: SubscriptionConfig): { config: SubscriptionConfig; passes: AttributeFilter } {
  refuseUnsupported(asked);
  const config = {
    ...asked,
    ackDeadlineSeconds: asked.ackDeadlineSeconds || 10,
    deadLetterPolicy: asked.deadLetterPolicy && {
      ...asked.deadLetterPolicy,
      maxDeliveryAttempts: asked.deadLetterPolicy.maxDeliveryAttempts || 5,
    },
    retryPolicy: asked.retryPolicy && {
      minimumBackoff: asked.retryPolicy.minimumBackoff ?? fromMs(10_000),
      maximumBackoff: asked.retryPolicy.maximumBackoff ?? fromMs(600_000),
    },
  };
  requireBetween('Ack deadline', config.ackDeadlineSeconds, 10, 600);
  if (config.deadLetterPolicy) {
    requireBetween('max_delivery_attempts', config.deadLetterPolicy.maxDeliveryAttempts, 5, 100, outOfRange);
  }
  if (config.retryPolicy) {
    const [minimum, maximum] = [toMs(config.retryPolicy.minimumBackoff), toMs(config.retryPolicy.maximumBackoff)];
    requireBetween('minimum_backoff', minimum / 1000, 0, 600);
    requireBetween('maximum_backoff', maximum / 1000, 0, 600);
    if (minimum > maximum) throw invalidArgument('minimum_backoff must not exceed maximum_backoff.');
  }
  return { config, passes: compileFilter(config.filter) };
}

function refuseUnsupported(asked: SubscriptionConfig): void {
  const endpoint = asked.pushConfig?.pushEndpoint ?? '';
  const reasons: [boolean, string][] = [
    [asked.enableMessageOrdering, 'message ordering'],
    [asked.enableExactlyOnceDelivery, 'exactly-once delivery'],
    [asked.messageTransforms.length > 0, 'message transforms'],
    [Boolean(asked.bigqueryConfig ?? asked.cloudStorageConfig ?? asked.bigtableConfig), 'export subscriptions'],
    [Boolean(asked.pushConfig?.noWrapper), 'unwrapped push'],
    [Boolean(asked.deadLetterPolicy) && endpoint === '', 'dead lettering of a pull subscription'],
    [endpoint.startsWith('https:'), 'push to an https endpoint'],
  ];
  const found = reasons.filter(([present]) => present).map(([, name]) => name);
  if (found.length > 0) throw unimplemented(`Not in the local cloud: ${found.join(', ')}.`);
  if (endpoint !== '' && !URL.canParse(endpoint)) throw invalidArgument(`Invalid push endpoint given (${endpoint}).`);
}

function requireBetween(what: string, value: number, least: number, most: number, refusal = invalidArgument): void {
  if (value >= least && value <= most) return;
  throw refusal(`Invalid ${what} given: ${value}; it must be between ${least} and ${most}.`);
}

function compileFilter(filter: string): AttributeFilter {
  if (filter === '') return () => true;
  if (Buffer.byteLength(filter) > FILTER_BYTES) throw invalidArgument(`The filter is over ${FILTER_BYTES} bytes.`);
  try {
    return parseFilter(filter);
  } catch (error) {
    throw error instanceof FilterSyntaxError ? invalidArgument(error.message) : error;
  }
}
