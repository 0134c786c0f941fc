import type { Topic } from '@google-cloud/pubsub';
import { eventPublisher, stagePublisher } from '../adapters/pubsub-publisher.ts';
import type { EventPublisher, StagePublisher } from '../ports/messages.ts';
import { once } from './once.ts';

/**
 * A person may be waiting for a publish, and a failed one can be made up for later. The client's default timeout is
 * over a minute.
 */
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

/**
 * Opens a topic that sends each message immediately, without batching, because a report waits for each one. The library
 * is loaded with the first message: it accounts for a large part of a cold start and of the heap.
 */
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
