import type { PubSubMessage, Subscription, SubscriptionConfig } from './subscription.ts';

/** A message on its way: its ack id, and when it may be handed out again. */
export interface ReceivedMessage {
  ackId: string;
  message: PubSubMessage;
}

export interface PullSubscription extends Subscription {
  /** At once, and empty if there is nothing: what Pub/Sub may answer too, after having waited a little. */
  pull(maxMessages: number): ReceivedMessage[];
  /** An ack id that is unknown or was superseded by a later delivery is ignored. */
  acknowledge(ackIds: string[]): void;
}

/** Hands out each message again when its ack deadline has passed without an acknowledgement. */
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
