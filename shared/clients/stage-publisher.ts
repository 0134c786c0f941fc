import { PubSub } from '@google-cloud/pubsub';
import { pubSubPublisher } from '../adapters/pubsub-publisher.ts';
import type { StagePublisher } from '../ports/messages.ts';

/** Messages go out one by one, at once: a report waits for each. */
export function openStagePublisher({ QUERY_TOPIC }: { QUERY_TOPIC: string }): StagePublisher {
  return pubSubPublisher(new PubSub().topic(QUERY_TOPIC, { batching: { maxMessages: 1 } }));
}
