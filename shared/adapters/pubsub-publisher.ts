import type { Topic } from '@google-cloud/pubsub';
import type { StagePublisher } from '../ports/messages.ts';

/**
 * One message per stage. Each table asked is an attribute of its own, so that its subscription's filter, `attributes:"<table>"`, is a presence test.
 */
export function pubSubPublisher(topic: Topic): StagePublisher {
  return {
    async publish(message) {
      const tables = message.sources.map(({ table }) => [table, 'asked']);
      await topic.publishMessage({
        json: message,
        attributes: { recordId: message.recordId, ...Object.fromEntries(tables) },
      });
    },
  };
}
