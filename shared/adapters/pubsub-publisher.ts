import type { Topic } from '@google-cloud/pubsub';
import type { EventPublisher, StagePublisher } from '../ports/messages.ts';

/**
 * One message per stage. Each table asked is an attribute of its own, so that its subscription's filter, `attributes:"<table>"`, is a presence test.
 */
export function stagePublisher(topic: Topic): StagePublisher {
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

/**
 * One message per event, in CloudEvents' structured mode. The type is an attribute, too, for subscriptions that filter by it.
 * https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md
 */
export function eventPublisher(topic: Topic): EventPublisher {
  return {
    async publish(event) {
      await topic.publishMessage({
        json: event,
        attributes: { 'content-type': 'application/cloudevents+json; charset=utf-8', type: event.type },
      });
    },
  };
}
