import { PubSub } from '@google-cloud/pubsub';
import { pubSubPublisher } from '../adapters/pubsub-publisher.ts';
import type { StagePublisher } from '../ports/messages.ts';

/** A person waits for the first stage's publish, and it can be made up for: the client's own patience is over a minute. */
const PATIENCE_MS = 5000;

const BACKOFF = {
  initialRetryDelayMillis: 100,
  retryDelayMultiplier: 2,
  maxRetryDelayMillis: 1000,
  initialRpcTimeoutMillis: PATIENCE_MS,
  rpcTimeoutMultiplier: 1,
  maxRpcTimeoutMillis: PATIENCE_MS,
  totalTimeoutMillis: PATIENCE_MS,
};

/** Messages go out one by one, at once: a report waits for each. */
export function openStagePublisher({ QUERY_TOPIC }: { QUERY_TOPIC: string }): StagePublisher {
  const options = { batching: { maxMessages: 1 }, gaxOpts: { retry: { backoffSettings: BACKOFF } } };
  return pubSubPublisher(new PubSub().topic(QUERY_TOPIC, options));
}
