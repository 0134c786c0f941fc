import type { PubSubMessage, Subscription, SubscriptionConfig } from './subscription.ts';

/** A delivered message and its ack id. */
export interface ReceivedMessage {
  ackId: string;
  message: PubSubMessage;
}

export interface PullSubscription extends Subscription {
  /** Returns at once, with nothing if there is no message, as Pub/Sub may after a short wait. */
  pull(maxMessages: number): ReceivedMessage[];
  /** Ignores ack ids that are unknown or superseded by a later delivery. */
  acknowledge(ackIds: string[]): void;
}

/** Redelivers each message whose ack deadline has passed without an acknowledgement. */
export function createPullSubscription(config: SubscriptionConfig): PullSubscription {
  const backlog: { message: PubSubMessage; ackId: string; availableAt: number }[] = [];
  let deliveries = 0;

  const remove = (ackId: string) => {
    const position = backlog.findIndex((entry) => entry.ackId === ackId);
    if (position >= 0) backlog.splice(position, 1);
  };

  return {
    config,
    offer: (message) => void backlog.push({ message, ackId: '', availableAt: 0 }),
    pull: (maxMessages) => {
      const now = Date.now();
      const available = backlog.filter(({ availableAt }) => availableAt <= now).slice(0, maxMessages);
      return available.map((entry) => {
        entry.ackId = `${config.name}:${++deliveries}`;
        entry.availableAt = now + config.ackDeadlineSeconds * 1000;
        return { ackId: entry.ackId, message: entry.message };
      });
    },
    acknowledge: (ackIds) => ackIds.forEach(remove),
    close: () => {
      backlog.length = 0;
    },
  };
}
