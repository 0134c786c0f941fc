import type { Topic } from '@google-cloud/pubsub';
import { eventPublisher, stagePublisher } from '../adapters/pubsub-publisher.ts';
import type { EventPublisher, StagePublisher } from '../ports/messages.ts';
import { once } from './once.ts';

/** A person may wait for a publish, and each can be made up for: the client's own patience is over a minute. */
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

/** Messages go out one by one, at once: a report waits for each. The library is loaded with the first of them: it is a good part of a cold start, and of the heap. */
async function openTopic(name: string): Promise<Topic> {
  const { PubSub } = await import('@google-cloud/pubsub');
  const options = { batching: { maxMessages: 1 }, gaxOpts: { retry: { backoffSettings: BACKOFF } } };
  return new PubSub().topic(name, options);
}

export function openStagePublisher({ QUERY_TOPIC }: { QUERY_TOPIC: string }): StagePublisher {
  const publisher = once(async () => stagePublisher(await openTopic(QUERY_TOPIC)));
  return { publish: async (message) => (await publisher()).publish(message) };
}

export function openEventPublisher({ EVENT_TOPIC }: { EVENT_TOPIC: string }): EventPublisher {
  const publisher = once(async () => eventPublisher(await openTopic(EVENT_TOPIC)));
  return { publish: async (event) => (await publisher()).publish(event) };
}
