import type { Deliverer, EndpointRequest, Outcome } from '../deliverer.ts';
import type { Issuer } from '../issuer.ts';
import { toMs } from '../proto-time.ts';
import type { PubSubMessage, PushConfig, Subscription, SubscriptionConfig } from './subscription.ts';

/** The item of faults and deliveries. `subscription` is the full name. */
export interface Push {
  subscription: string;
  message: PubSubMessage;
}

const ACKNOWLEDGING: readonly Outcome[] = [102, 200, 201, 202, 204];

/** Without a retry policy Pub/Sub backs off from 100 ms to 60 s (cloud.google.com/pubsub/docs/push#push_backoff). */
const DEFAULT_BACKOFF_MS = { minimum: 100, maximum: 60_000 };

/**
 * Pushes each message until the endpoint acknowledges it or, with a dead-letter policy, its attempts are used up.
 * `deadLetter` publishes to the dead-letter topic, and returns false if that topic was deleted: then pushing continues.
 */
export function createPushSubscription({
  config,
  deliverer,
  issuer,
  deadLetter,
}: {
  config: SubscriptionConfig & { pushConfig: PushConfig };
  deliverer: Deliverer<Push>;
  issuer: Issuer;
  deadLetter: (message: PubSubMessage, attempts: number) => boolean;
}): Subscription {
  const { name: subscription, pushConfig, deadLetterPolicy, retryPolicy } = config;
  const endpoint = pushConfig.pushEndpoint;
  const minimumBackoff = retryPolicy?.minimumBackoff ? toMs(retryPolicy.minimumBackoff) : DEFAULT_BACKOFF_MS.minimum;
  const maximumBackoff = retryPolicy?.maximumBackoff ? toMs(retryPolicy.maximumBackoff) : DEFAULT_BACKOFF_MS.maximum;
  let closed = false;

  const push = async (message: PubSubMessage, attempt: number): Promise<void> => {
    if (closed) return;
    const prepare = () => requestFor(message, attempt);
    const outcome = await deliverer.deliver({ subscription, message }, attempt, endpoint, prepare);
    if (closed || ACKNOWLEDGING.includes(outcome)) return;
    const usedUp = deadLetterPolicy && attempt >= deadLetterPolicy.maxDeliveryAttempts;
    if (usedUp && deadLetter(message, attempt)) return;
    const backoff = Math.min(minimumBackoff * 2 ** (attempt - 1), maximumBackoff);
    deliverer.after(backoff, () => void push(message, attempt + 1));
  };

  const requestFor = async (message: PubSubMessage, attempt: number): Promise<EndpointRequest> => {
    const { oidcToken } = pushConfig;
    const token =
      oidcToken && (await issuer.mintIdentityToken(oidcToken.serviceAccountEmail, oidcToken.audience || endpoint));
    return {
      url: endpoint,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'CloudPubSub-Google',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: Buffer.from(
        JSON.stringify({
          message: wrap(message),
          subscription,
          ...(deadLetterPolicy && { deliveryAttempt: attempt }),
        }),
      ),
      timeoutMs: config.ackDeadlineSeconds * 1000,
    };
  };

  return {
    config,
    offer: (message) => void push(message, 1),
    close: () => {
      closed = true;
    },
  };
}

/** The message's JSON form: empty fields are omitted, and id and time are given in both spellings. */
function wrap({ data, attributes, messageId, publishTime, orderingKey }: PubSubMessage) {
  return {
    ...(data.length > 0 && { data: data.toString('base64') }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    messageId,
    message_id: messageId,
    publishTime,
    publish_time: publishTime,
    ...(orderingKey && { orderingKey }),
  };
}
