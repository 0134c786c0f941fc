import { type CreateSubscriptionOptions, PubSub, type Topic, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { LocalCloud } from '../local-cloud.ts';
import { eventually, type Reply, startEndpoint, startTestCloud } from '../test-support.ts';

const PROJECT = 'projects/local';
const [NOT_FOUND, ALREADY_EXISTS, INVALID_ARGUMENT, UNIMPLEMENTED] = [5, 6, 3, 12];
const FAST_RETRY = { minimumBackoff: { nanos: 5e6 }, maximumBackoff: { nanos: 20e6 } };

describe('Pub/Sub through the official client', () => {
  let cloud: LocalCloud;
  let pubsub: PubSub;
  let puller: v1.SubscriberClient;
  let names = 0;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    cloud = await startTestCloud();
    pubsub = new PubSub({ projectId: 'local' });
    puller = new v1.SubscriberClient({
      projectId: 'local',
      servicePath: '127.0.0.1',
      port: cloud.pubsub.port,
      sslCreds: credentials.createInsecure(),
    });
  });
  afterAll(async () => {
    await Promise.all([pubsub.close(), puller.close(), ...closing.map((close) => close())]);
    await cloud.close();
  });

  const newName = () => `name-${++names}`;
  const newTopic = async (): Promise<Topic> => (await pubsub.createTopic(newName()))[0];
  const newEndpoint = async (reply?: Reply) => {
    const endpoint = await startEndpoint(reply);
    closing.push(endpoint.close);
    return endpoint;
  };
  /** A push subscription with its endpoint; `bodies()` are what was pushed, parsed. */
  const subscribe = async (topic: Topic, options: CreateSubscriptionOptions = {}, reply?: Reply) => {
    const endpoint = await newEndpoint(reply);
    const [subscription] = await topic.createSubscription(newName(), {
      pushConfig: { pushEndpoint: `${endpoint.url}/push` },
      retryPolicy: FAST_RETRY,
      ...options,
    });
    return { subscription, endpoint, bodies: () => endpoint.received.map(({ body }) => JSON.parse(body)) };
  };

  describe('topics and subscriptions', () => {
    it('are created, found, listed and deleted', async () => {
      const topic = await newTopic();
      expect(await topic.exists()).toEqual([true]);
      const { subscription } = await subscribe(topic, { filter: 'attributes:table' });
      const [metadata] = await subscription.getMetadata();
      expect(metadata).toMatchObject({ topic: topic.name, filter: 'attributes:table', ackDeadlineSeconds: 10 });
      expect((await pubsub.getTopics())[0].map(({ name }) => name)).toContain(topic.name);
      expect((await pubsub.getSubscriptions())[0].map(({ name }) => name)).toContain(subscription.name);
      await subscription.delete();
      await topic.delete();
      expect(await subscription.exists()).toEqual([false]);
      expect(await topic.exists()).toEqual([false]);
    });

    it('exist once', async () => {
      const topic = await newTopic();
      await expect(pubsub.createTopic(topic.name)).rejects.toMatchObject({ code: ALREADY_EXISTS });
      const { subscription } = await subscribe(topic);
      await expect(topic.createSubscription(subscription.name)).rejects.toMatchObject({ code: ALREADY_EXISTS });
    });

    it('are not found where there are none', async () => {
      const missing = pubsub.topic('missing');
      await expect(missing.getMetadata()).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.delete()).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.createSubscription(newName())).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(missing.publishMessage({ data: Buffer.from('x') })).rejects.toMatchObject({ code: NOT_FOUND });
      await expect(pubsub.subscription('missing').delete()).rejects.toMatchObject({ code: NOT_FOUND });
    });

    it.each<[fault: string, options: CreateSubscriptionOptions, code: number]>([
      ['an unreadable filter', { filter: 'attributes.a = b' }, INVALID_ARGUMENT],
      ['a filter of 257 bytes', { filter: `attributes.${'a'.repeat(241)} = ""` }, INVALID_ARGUMENT],
      ['an ack deadline of 9 s', { ackDeadlineSeconds: 9 }, INVALID_ARGUMENT],
      ['an ack deadline of 601 s', { ackDeadlineSeconds: 601 }, INVALID_ARGUMENT],
      ['a backoff of 601 s', { retryPolicy: { maximumBackoff: { seconds: 601 } } }, INVALID_ARGUMENT],
      [
        'a least backoff over the most',
        { retryPolicy: { minimumBackoff: { seconds: 9 }, maximumBackoff: { seconds: 8 } } },
        INVALID_ARGUMENT,
      ],
      ['an endpoint that is no URL', { pushConfig: { pushEndpoint: 'nowhere' } }, INVALID_ARGUMENT],
      ['4 delivery attempts', { deadLetterPolicy: { deadLetterTopic: 'x', maxDeliveryAttempts: 4 } }, INVALID_ARGUMENT],
      [
        'a missing dead-letter topic',
        { deadLetterPolicy: { deadLetterTopic: `${PROJECT}/topics/missing` } },
        NOT_FOUND,
      ],
      ['ordering, which is not there', { enableMessageOrdering: true }, UNIMPLEMENTED],
    ])('are refused with %s', async (_, options, code) => {
      const topic = await newTopic();
      const pushConfig = { pushEndpoint: 'http://127.0.0.1:9/' };
      await expect(topic.createSubscription(newName(), { pushConfig, ...options })).rejects.toMatchObject({ code });
    });

    it('take a filter of 256 bytes', async () => {
      const filter = `attributes.${'a'.repeat(240)} = ""`;
      const { subscription } = await subscribe(await newTopic(), { filter });
      expect((await subscription.getMetadata())[0].filter).toBe(filter);
    });
  });

  describe('publishing', () => {
    it('refuses what is empty or too large', async () => {
      const topic = await newTopic();
      const data = Buffer.alloc(10_000_001);
      await expect(topic.publishMessage({ data })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
      await expect(topic.publishMessage({ data: Buffer.alloc(0) })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
      const attributes = { key: 'v'.repeat(1025) };
      await expect(topic.publishMessage({ attributes })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('takes ten megabytes', async () => {
      const topic = await newTopic();
      const { endpoint } = await subscribe(topic);
      await topic.publishMessage({ data: Buffer.alloc(10_000_000, 'x') });
      const { body } = await eventually(() => endpoint.received[0]);
      expect(body.length).toBeGreaterThan(13_000_000);
    });
  });

  describe('a push', () => {
    it('carries the message as Pub/Sub wraps it', async () => {
      const topic = await newTopic();
      const { subscription, endpoint, bodies } = await subscribe(topic);
      const before = Date.now();
      const messageId = await topic.publishMessage({ data: Buffer.from('héllo'), attributes: { table: 'withdraw' } });
      const request = await eventually(() => endpoint.received[0]);
      expect(request).toMatchObject({ method: 'POST', url: '/push', headers: { 'content-type': 'application/json' } });
      const { publishTime } = bodies()[0].message;
      expect(bodies()[0]).toEqual({
        subscription: subscription.name,
        message: {
          data: Buffer.from('héllo').toString('base64'),
          attributes: { table: 'withdraw' },
          messageId,
          message_id: messageId,
          publishTime,
          publish_time: publishTime,
        },
      });
      expect(Date.parse(publishTime)).toBeGreaterThanOrEqual(before);
    });

    it('reaches every subscription whose filter the attributes pass, and no other', async () => {
      const topic = await newTopic();
      const users = await subscribe(topic, { filter: 'attributes.table = "user"' });
      const plt = await subscribe(topic, { filter: 'hasPrefix(attributes.table, "u") AND NOT attributes:test' });
      const all = await subscribe(topic);
      for (const attributes of [{ table: 'user' }, { table: 'uploads' }, { table: 'user', test: '1' }, { other: '' }]) {
        await topic.publishMessage({ attributes });
      }
      await eventually(() => all.endpoint.received.length === 4 && plt.endpoint.received.length === 2);
      await eventually(() => users.endpoint.received.length === 2);
      expect(users.bodies().map(({ message }) => message.attributes)).toEqual(
        expect.arrayContaining([{ table: 'user' }, { table: 'user', test: '1' }]),
      );
      expect(
        plt
          .bodies()
          .map(({ message }) => message.attributes.table)
          .sort(),
      ).toEqual(['uploads', 'user']);
    });

    it.each([
      ['the audience that was asked for', 'query-table'],
      ['the endpoint as audience by default', undefined],
    ])('brings an identity token with %s', async (_, audience) => {
      const topic = await newTopic();
      const endpoint = await newEndpoint();
      const serviceAccountEmail = 'pusher@local.iam.gserviceaccount.com';
      const oidcToken = { serviceAccountEmail, ...(audience && { audience }) };
      await topic.createSubscription(newName(), { pushConfig: { pushEndpoint: `${endpoint.url}/push`, oidcToken } });
      await topic.publishMessage({ data: Buffer.from('x') });
      const { headers } = await eventually(() => endpoint.received[0]);
      const token = headers.authorization?.replace('Bearer ', '') ?? '';
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(cloud.issuer.jwksUrl)), {
        issuer: cloud.issuer.url,
        audience: audience ?? `${endpoint.url}/push`,
      });
      expect(payload).toMatchObject({ email: serviceAccountEmail, email_verified: true });
    });

    it.each([
      [200, 1],
      [201, 1],
      [202, 1],
      [204, 1],
      [203, 2],
      [301, 2],
      [400, 2],
      [404, 2],
      [500, 2],
    ])('answered %i is made %i times', async (status, times) => {
      const topic = await newTopic();
      const { endpoint } = await subscribe(topic, {}, (_, count) => (count === 1 ? status : 204));
      const messageId = await topic.publishMessage({ data: Buffer.from('x') });
      const made = () => cloud.pubsub.deliveries.filter(({ item }) => item.message.messageId === messageId);
      await eventually(() => endpoint.received.length >= times && made().at(-1)?.outcome !== 'in flight');
      // A retry would come within the backoff; another message's whole way is longer.
      await topic.publishMessage({ data: Buffer.from('later') });
      await eventually(() => endpoint.received.length === times + 1);
      expect(made().map(({ attempt, outcome }) => [attempt, outcome])).toEqual(
        times === 1
          ? [[1, status]]
          : [
              [1, status],
              [2, 204],
            ],
      );
    });

    it('is retried with a backoff that doubles up to the maximum', async () => {
      const topic = await newTopic();
      const times: number[] = [];
      const retryPolicy = { minimumBackoff: { nanos: 20e6 }, maximumBackoff: { nanos: 50e6 } };
      await subscribe(topic, { retryPolicy }, (_, count) => {
        times.push(performance.now());
        return count < 7 ? 503 : 204;
      });
      await topic.publishMessage({ data: Buffer.from('x') });
      await eventually(() => times.length === 7);
      const waits = times.slice(1).map((time, i) => time - (times[i] as number));
      for (const [i, least] of [20, 40, 50, 50, 50, 50].entries()) expect(waits[i]).toBeGreaterThanOrEqual(least - 1);
      // Uncapped it would be 640.
      expect(waits[5]).toBeLessThan(600);
    });

    it('is retried when its endpoint is not there', async () => {
      const topic = await newTopic();
      const gone = await startEndpoint();
      await gone.close();
      await subscribe(topic, { pushConfig: { pushEndpoint: gone.url } });
      const messageId = await topic.publishMessage({ data: Buffer.from('x') });
      const made = () => cloud.pubsub.deliveries.filter(({ item }) => item.message.messageId === messageId);
      await eventually(() => made().length >= 3);
      expect(made()[0]).toMatchObject({ attempt: 1, outcome: 'unreachable', endpoint: gone.url });
    });

    it('is given up at the ack deadline and made again', async () => {
      const topic = await newTopic();
      await subscribe(topic, { ackDeadlineSeconds: 10 }, (_, count) => (count === 1 ? 'nothing' : 204));
      const messageId = await topic.publishMessage({ data: Buffer.from('x') });
      const made = () => cloud.pubsub.deliveries.filter(({ item }) => item.message.messageId === messageId);
      await eventually(() => made()[1]?.outcome === 204, { seconds: 15 });
      expect(made().map(({ outcome }) => outcome)).toEqual(['timeout', 204]);
    });

    it('ends with its subscription', async () => {
      const topic = await newTopic();
      const { subscription, endpoint } = await subscribe(topic, {}, () => 500);
      await topic.publishMessage({ data: Buffer.from('x') });
      await eventually(() => endpoint.received.length >= 2);
      await subscription.delete();
      const after = endpoint.received.length;
      const other = await subscribe(topic, {}, (_, count) => (count < 5 ? 500 : 204));
      await topic.publishMessage({ data: Buffer.from('y') });
      await eventually(() => other.endpoint.received.length === 5);
      expect(endpoint.received.length - after).toBeLessThanOrEqual(1);
    });
  });

  describe('a dead-letter policy', () => {
    it('counts the attempts and forwards the message after the last', async () => {
      const [topic, deadTopic] = [await newTopic(), await newTopic()];
      const deadName = `${PROJECT}/subscriptions/${newName()}`;
      await puller.createSubscription({ name: deadName, topic: deadTopic.name });
      const deadLetterPolicy = { deadLetterTopic: deadTopic.name, maxDeliveryAttempts: 5 };
      const { subscription, bodies } = await subscribe(topic, { deadLetterPolicy }, () => 500);
      await topic.publishMessage({ data: Buffer.from('poison'), attributes: { table: 't' } });

      const received = await eventually(
        async () => (await puller.pull({ subscription: deadName, maxMessages: 5 }))[0].receivedMessages?.[0],
      );
      expect(bodies().map(({ deliveryAttempt }) => deliveryAttempt)).toEqual([1, 2, 3, 4, 5]);
      expect(received.message?.data?.toString()).toBe('poison');
      expect(received.message?.attributes).toEqual({
        table: 't',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: subscription.name.split('/').at(-1),
        CloudPubSubDeadLetterSourceSubscriptionProject: 'local',
        CloudPubSubDeadLetterSourceTopicPublishTime: bodies()[0].message.publishTime.replace('Z', '+00:00'),
      });

      // Leased now, so not handed out twice; and gone once acknowledged.
      expect((await puller.pull({ subscription: deadName, maxMessages: 5 }))[0].receivedMessages).toEqual([]);
      await puller.acknowledge({ subscription: deadName, ackIds: [received.ackId as string] });
    });
  });

  describe('faults', () => {
    const publish = async (options: CreateSubscriptionOptions = {}, reply?: Reply) => {
      const topic = await newTopic();
      const subscribed = await subscribe(topic, options, reply);
      return { ...subscribed, send: () => topic.publishMessage({ data: Buffer.from('x') }) };
    };
    const about = (subscription: { name: string }) => (item: { subscription: string }) =>
      item.subscription === subscription.name;
    const logOf = (subscription: { name: string }) => {
      const own = cloud.pubsub.deliveries.filter(({ item }) => about(subscription)(item));
      return own.map(({ attempt, copy, outcome }) => ({ attempt, copy, outcome }));
    };

    it('drop the first deliveries, which are tried again', async () => {
      const { subscription, endpoint, send } = await publish();
      cloud.pubsub.faults.drop(about(subscription), 2);
      await send();
      await eventually(() => logOf(subscription).at(-1)?.outcome === 204);
      expect(endpoint.received).toHaveLength(1);
      expect(logOf(subscription)).toEqual([
        { attempt: 1, copy: false, outcome: 'dropped' },
        { attempt: 2, copy: false, outcome: 'dropped' },
        { attempt: 3, copy: false, outcome: 204 },
      ]);
    });

    it('duplicate a delivery while the original is under way', async () => {
      const together = Promise.withResolvers<number>();
      const { subscription, endpoint, send } = await publish({}, (_, count) => {
        if (count === 3) together.resolve(204);
        return together.promise;
      });
      cloud.pubsub.faults.duplicate(about(subscription), 2, 'concurrent');
      await send();
      await eventually(() => logOf(subscription).filter(({ outcome }) => outcome === 204).length === 3);
      expect(new Set(endpoint.received.map(({ body }) => body)).size).toBe(1);
    });

    it('duplicate a delivery once the original was acknowledged', async () => {
      const answered: number[] = [];
      const { subscription, send } = await publish({}, (_, count) => {
        answered.push(logOf(subscription).filter(({ outcome }) => outcome === 204).length);
        return count === 1 ? 204 : 500;
      });
      cloud.pubsub.faults.duplicate(about(subscription), 1, 'afterwards');
      await send();
      await eventually(() => logOf(subscription).at(-1)?.outcome === 500);
      expect(answered).toEqual([0, 1]);
      expect(logOf(subscription).map(({ copy }) => copy)).toEqual([false, true]);
    });

    it('hold deliveries until released, and delay them', async () => {
      const { subscription, endpoint, send } = await publish();
      const release = cloud.pubsub.faults.hold(about(subscription));
      const other = await publish();
      await send();
      await other.send();
      await eventually(() => other.endpoint.received.length === 1);
      expect(endpoint.received).toHaveLength(0);
      cloud.pubsub.faults.delay(about(subscription), 50);
      const releasedAt = performance.now();
      release();
      await eventually(() => endpoint.received.length === 1);
      expect(performance.now() - releasedAt).toBeGreaterThanOrEqual(49);
    });
  });
});
