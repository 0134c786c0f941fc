import type { CreateSubscriptionOptions, Topic } from '@google-cloud/pubsub';
import { describe, expect, it } from '@jest/globals';
import type { PubSubHarness } from './pubsub.contract.ts';
import type { Excess, PubSubTraits } from './pubsub-traits.ts';

const [NOT_FOUND, ALREADY_EXISTS, INVALID_ARGUMENT, OUT_OF_RANGE] = [5, 6, 3, 11];

/** The requests that are refused, each with its code. The topic also serves as the dead-letter topic. */
const EXCESSES: readonly [Excess, code: number, ask: (topic: Topic, name: string) => Promise<unknown>][] = [
  ['an unreadable filter', INVALID_ARGUMENT, subscribing({ filter: 'attributes.a = b' })],
  ['a filter of 257 bytes', INVALID_ARGUMENT, subscribing({ filter: `attributes.${'a'.repeat(241)} = ""` })],
  ['an ack deadline of 9 s', INVALID_ARGUMENT, subscribing({ ackDeadlineSeconds: 9 })],
  ['an ack deadline of 601 s', INVALID_ARGUMENT, subscribing({ ackDeadlineSeconds: 601 })],
  ['a backoff of 601 s', INVALID_ARGUMENT, subscribing({ retryPolicy: { maximumBackoff: { seconds: 601 } } })],
  [
    'a least backoff over the most',
    INVALID_ARGUMENT,
    subscribing({ retryPolicy: { minimumBackoff: { seconds: 9 }, maximumBackoff: {} } }),
  ],
  ['an endpoint that is no URL', INVALID_ARGUMENT, subscribing({ pushConfig: { pushEndpoint: 'nowhere' } })],
  ['4 delivery attempts', OUT_OF_RANGE, deadLettering(4)],
  ['101 delivery attempts', OUT_OF_RANGE, deadLettering(101)],
  ['a message over 10,000,000 bytes', INVALID_ARGUMENT, publishing({ data: Buffer.alloc(10_000_001) })],
  ['an attribute over 1,024 bytes', INVALID_ARGUMENT, publishing({ attributes: { key: 'v'.repeat(1025) } })],
  ['an empty message', INVALID_ARGUMENT, publishing({ data: Buffer.alloc(0) })],
];

function subscribing(options: CreateSubscriptionOptions) {
  const pushConfig = { pushEndpoint: 'http://127.0.0.1:9/' };
  return (topic: Topic, name: string) => topic.createSubscription(name, { pushConfig, ...options });
}

function deadLettering(maxDeliveryAttempts: number) {
  return (topic: Topic, name: string) =>
    subscribing({ deadLetterPolicy: { deadLetterTopic: topic.name, maxDeliveryAttempts } })(topic, name);
}

function publishing(message: Parameters<Topic['publishMessage']>[0]) {
  return (topic: Topic) => topic.publishMessage(message);
}

export function describePubSubResources({ unlimited }: PubSubTraits, harness: () => PubSubHarness): void {
  describe('topics and subscriptions', () => {
    it('are created, found, listed and deleted', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      expect(await topic.exists()).toEqual([true]);
      await using subscribed = await client.subscribe(topic, { filter: 'attributes:table' });
      const { subscription } = subscribed;
      const [metadata] = await subscription.getMetadata();
      expect(metadata).toMatchObject({ topic: topic.name, filter: 'attributes:table', ackDeadlineSeconds: 10 });
      expect((await client.pubsub.getTopics())[0].map(({ name }) => name)).toContain(topic.name);
      expect((await client.pubsub.getSubscriptions())[0].map(({ name }) => name)).toContain(subscription.name);
      await topic.delete();
      expect((await subscription.getMetadata())[0].topic).toBe('_deleted-topic_');
      await subscription.delete();
      expect(await subscription.exists()).toEqual([false]);
      expect(await topic.exists()).toEqual([false]);
    });

    it('are listed page by page', async () => {
      const { client } = harness();
      const made = await Promise.all([1, 2, 3].map(() => client.newTopic()));
      const listed: string[] = [];
      let query: object | null = { pageSize: 2, autoPaginate: false };
      while (query) {
        const [page, next] = (await client.pubsub.getTopics(query)) as unknown as [{ name: string }[], object | null];
        expect(page.length).toBeLessThanOrEqual(2);
        listed.push(...page.map(({ name }) => name));
        query = next;
      }
      expect(listed).toEqual(expect.arrayContaining(made.map(({ name }) => name)));
      expect(new Set(listed).size).toBe(listed.length);
    });

    it('exist once', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      await expect(client.pubsub.createTopic(topic.name)).rejects.toMatchObject({ code: ALREADY_EXISTS });
      const name = client.newName();
      await topic.createSubscription(name);
      await expect(topic.createSubscription(name)).rejects.toMatchObject({ code: ALREADY_EXISTS });
    });

    it('are not found where there are none', async () => {
      const { client } = harness();
      const missing = client.pubsub.topic('missing');
      await expect(missing.getMetadata()).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.delete()).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.createSubscription('new')).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.publishMessage({ data: Buffer.from('x') })).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(client.pubsub.subscription('missing').delete()).rejects.toMatchObject({ code: NOT_FOUND });
      const topic = await client.newTopic();
      const options = {
        pushConfig: { pushEndpoint: 'http://127.0.0.1:9/' },
        deadLetterPolicy: { deadLetterTopic: missing.name },
      };
      await expect(topic.createSubscription('new', options)).rejects.toMatchObject({ code: NOT_FOUND });
    });

    it('are refused under a name that is none', async () => {
      const { pubsub } = harness().client;
      await expect(pubsub.createTopic('a')).rejects.toMatchObject({ code: INVALID_ARGUMENT });
      await expect(pubsub.createTopic('google-like')).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('take a filter of 256 bytes', async () => {
      const { client } = harness();
      const filter = `attributes.${'a'.repeat(240)} = ""`;
      const topic = await client.newTopic();
      const [subscription] = await topic.createSubscription(client.newName(), { filter });
      expect((await subscription.getMetadata())[0].filter).toBe(filter);
    });
  });

  describe('its limits', () => {
    it.each(EXCESSES.filter(([excess]) => !unlimited.includes(excess)))('refuse %s', async (_, code, ask) => {
      const { client } = harness();
      await expect(ask(await client.newTopic(), client.newName())).rejects.toMatchObject({ code });
    });

    const taken = EXCESSES.filter(([excess]) => unlimited.includes(excess));
    if (taken.length > 0) {
      it.each(taken)('are none for %s', async (_, _code, ask) => {
        const { client } = harness();
        expect(await ask(await client.newTopic(), client.newName())).toBeTruthy();
      });
    }
  });
}
