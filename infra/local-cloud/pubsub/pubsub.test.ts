import type { CreateSubscriptionOptions } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LocalCloud } from '../local-cloud.ts';
import { eventually, startTestCloud } from '../test-support.ts';
import { createPubSubClient } from './test-client.ts';

const [NOT_FOUND, ALREADY_EXISTS, INVALID_ARGUMENT, UNIMPLEMENTED] = [5, 6, 3, 12];

describe('Pub/Sub through the official client', () => {
  let cloud: LocalCloud;
  let client: ReturnType<typeof createPubSubClient>;

  beforeAll(async () => {
    cloud = await startTestCloud();
    client = createPubSubClient(cloud);
  });
  afterAll(async () => {
    await client.close();
    await cloud.close();
  });

  describe('topics and subscriptions', () => {
    it('are created, found, listed and deleted', async () => {
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
      const topic = await client.newTopic();
      await expect(client.pubsub.createTopic(topic.name)).rejects.toMatchObject({ code: ALREADY_EXISTS });
      const name = client.newName();
      await topic.createSubscription(name);
      await expect(topic.createSubscription(name)).rejects.toMatchObject({ code: ALREADY_EXISTS });
    });

    it('are not found where there are none', async () => {
      const missing = client.pubsub.topic('missing');
      await expect(missing.getMetadata()).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.delete()).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.createSubscription('new')).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.publishMessage({ data: Buffer.from('x') })).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(client.pubsub.subscription('missing').delete()).rejects.toMatchObject({ code: NOT_FOUND });
    });

    const [deadLetterTopic, slow] = ['projects/local/topics/missing', { seconds: 9 }];
    it.each<[fault: string, options: CreateSubscriptionOptions, code: number]>([
      ['an unreadable filter', { filter: 'attributes.a = b' }, INVALID_ARGUMENT],
      ['a filter of 257 bytes', { filter: `attributes.${'a'.repeat(241)} = ""` }, INVALID_ARGUMENT],
      ['an ack deadline of 9 s', { ackDeadlineSeconds: 9 }, INVALID_ARGUMENT],
      ['an ack deadline of 601 s', { ackDeadlineSeconds: 601 }, INVALID_ARGUMENT],
      ['a backoff of 601 s', { retryPolicy: { maximumBackoff: { seconds: 601 } } }, INVALID_ARGUMENT],
      [
        'a least backoff over the most',
        { retryPolicy: { minimumBackoff: slow, maximumBackoff: {} } },
        INVALID_ARGUMENT,
      ],
      ['an endpoint that is no URL', { pushConfig: { pushEndpoint: 'nowhere' } }, INVALID_ARGUMENT],
      ['4 delivery attempts', { deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 4 } }, INVALID_ARGUMENT],
      ['a missing dead-letter topic', { deadLetterPolicy: { deadLetterTopic } }, NOT_FOUND],
      ['ordering, which is not there', { enableMessageOrdering: true }, UNIMPLEMENTED],
    ])('are refused with %s', async (_, options, code) => {
      const topic = await client.newTopic();
      const pushConfig = { pushEndpoint: 'http://127.0.0.1:9/' };
      await expect(topic.createSubscription('refused', { pushConfig, ...options })).rejects.toMatchObject({ code });
    });

    it('are refused under a name that is none', async () => {
      await expect(client.pubsub.createTopic('a')).rejects.toMatchObject({ code: INVALID_ARGUMENT });
      await expect(client.pubsub.createTopic('google-like')).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('take a filter of 256 bytes', async () => {
      const filter = `attributes.${'a'.repeat(240)} = ""`;
      const topic = await client.newTopic();
      const [subscription] = await topic.createSubscription(client.newName(), { filter });
      expect((await subscription.getMetadata())[0].filter).toBe(filter);
    });
  });

  describe('publishing', () => {
    it('refuses what is empty or too large', async () => {
      const topic = await client.newTopic();
      const data = Buffer.alloc(10_000_001);
      await expect(topic.publishMessage({ data })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
      await expect(topic.publishMessage({ data: Buffer.alloc(0) })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
      const attributes = { key: 'v'.repeat(1025) };
      await expect(topic.publishMessage({ attributes })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('takes ten megabytes', async () => {
      const topic = await client.newTopic();
      await using subscribed = await client.subscribe(topic);
      await topic.publishMessage({ data: Buffer.alloc(10_000_000, 'x') });
      const { body } = await eventually(() => subscribed.received[0]);
      expect(body.length).toBeGreaterThan(13_000_000);
    });
  });

  it('hands out a pulled message until it is acknowledged', async () => {
    const topic = await client.newTopic();
    const [{ name: subscription }] = await topic.createSubscription(client.newName());
    await topic.publishMessage({ data: Buffer.from('pulled'), attributes: { a: 'b' } });
    const pull = async () => (await client.puller.pull({ subscription, maxMessages: 5 }))[0].receivedMessages ?? [];
    const [received] = await pull();
    expect(received?.message).toMatchObject({ data: Buffer.from('pulled'), attributes: { a: 'b' } });
    expect(await pull()).toEqual([]);
    await client.puller.acknowledge({ subscription, ackIds: [received?.ackId ?? ''] });
    expect(await pull()).toEqual([]);
  });
});
