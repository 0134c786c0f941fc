import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { LocalCloud } from '../local-cloud.ts';
import { eventually, startEndpoint, startTestCloud } from '../test-support.ts';
import { createPubSubClient } from './test-client.ts';

describe('a push of Pub/Sub', () => {
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

  it('carries the message as Pub/Sub wraps it', async () => {
    const topic = await client.newTopic();
    await using subscribed = await client.subscribe(topic);
    const before = Date.now();
    const messageId = await topic.publishMessage({ data: Buffer.from('héllo'), attributes: { table: 'withdraw' } });
    const request = await eventually(() => subscribed.received[0]);
    expect(request).toMatchObject({ method: 'POST', url: '/push', headers: { 'content-type': 'application/json' } });
    const [body] = subscribed.bodies();
    const { publishTime } = body.message;
    expect(body).toEqual({
      subscription: subscribed.subscription.name,
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
    const topic = await client.newTopic();
    await using users = await client.subscribe(topic, { filter: 'attributes.table = "user"' });
    await using real = await client.subscribe(topic, {
      filter: 'hasPrefix(attributes.table, "u") AND NOT attributes:test',
    });
    await using all = await client.subscribe(topic);
    for (const attributes of [{ table: 'user' }, { table: 'uploads' }, { table: 'user', test: '1' }, { other: '' }]) {
      await topic.publishMessage({ attributes });
    }
    await eventually(() => users.received.length === 2 && real.received.length === 2 && all.received.length === 4);
    const attributesOf = (subscribed: typeof all) => subscribed.bodies().map(({ message }) => message.attributes);
    expect(attributesOf(users)).toEqual(expect.arrayContaining([{ table: 'user' }, { table: 'user', test: '1' }]));
    expect(attributesOf(real)).toEqual(expect.arrayContaining([{ table: 'user' }, { table: 'uploads' }]));
  });

  it.each([
    ['the audience that was asked for', 'query-table'],
    ['the endpoint as audience by default', undefined],
  ])('brings an identity token with %s', async (_, audience) => {
    const topic = await client.newTopic();
    await using endpoint = await startEndpoint();
    const serviceAccountEmail = 'pusher@local.iam.gserviceaccount.com';
    const oidcToken = { serviceAccountEmail, ...(audience && { audience }) };
    const pushConfig = { pushEndpoint: `${endpoint.url}/push`, oidcToken };
    await topic.createSubscription(client.newName(), { pushConfig });
    await topic.publishMessage({ data: Buffer.from('x') });
    const { headers } = await eventually(() => endpoint.received[0]);
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(cloud.issuer.jwksUrl)), {
      issuer: cloud.issuer.url,
      audience: audience ?? `${endpoint.url}/push`,
    });
    expect(payload).toMatchObject({ email: serviceAccountEmail, email_verified: true });
  });

  it.each([200, 201, 202, 204])('is acknowledged by %i', async (status) => {
    const topic = await client.newTopic();
    await using subscribed = await client.subscribe(topic, {}, () => status);
    await topic.publishMessage({ data: Buffer.from('x') });
    await eventually(() => subscribed.log()[0]?.outcome === status);
    // A retry would come before this: its backoff is shorter than four of the other's.
    await using other = await client.subscribe(topic, {}, (_, count) => (count < 5 ? 500 : 204));
    await topic.publishMessage({ data: Buffer.from('y') });
    await eventually(() => other.received.length === 5);
    expect(subscribed.log()).toEqual([1, 1].map((attempt) => ({ attempt, outcome: status })));
  });

  it.each([203, 206, 301, 400, 404, 429, 500])('is made again after %i', async (status) => {
    const topic = await client.newTopic();
    await using subscribed = await client.subscribe(topic, {}, (_, count) => (count === 1 ? status : 204));
    await topic.publishMessage({ data: Buffer.from('x') });
    await eventually(() => subscribed.log().at(-1)?.outcome === 204);
    expect(subscribed.log()).toEqual([
      { attempt: 1, outcome: status },
      { attempt: 2, outcome: 204 },
    ]);
  });

  it('is made again with a backoff that doubles up to the maximum', async () => {
    const topic = await client.newTopic();
    const times: number[] = [];
    const retryPolicy = { minimumBackoff: { nanos: 20e6 }, maximumBackoff: { nanos: 50e6 } };
    await using _ = await client.subscribe(topic, { retryPolicy }, (_, count) => {
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

  it('is made again when its endpoint is not there, or drops out by a fault', async () => {
    const topic = await client.newTopic();
    const gone = await startEndpoint();
    await gone.close();
    await using subscribed = await client.subscribe(topic, { pushConfig: { pushEndpoint: gone.url } });
    cloud.pubsub.faults.drop(({ subscription }) => subscription === subscribed.subscription.name, 1);
    await topic.publishMessage({ data: Buffer.from('x') });
    await eventually(() => subscribed.log().length >= 3);
    expect(subscribed.log().slice(0, 2)).toEqual([
      { attempt: 1, outcome: 'dropped' },
      { attempt: 2, outcome: 'unreachable' },
    ]);
  });

  it('is given up at the ack deadline and made again', async () => {
    const topic = await client.newTopic();
    const reply = (_: unknown, count: number) => (count === 1 ? 'nothing' : 204);
    await using subscribed = await client.subscribe(topic, { ackDeadlineSeconds: 10 }, reply);
    await topic.publishMessage({ data: Buffer.from('x') });
    await eventually(() => subscribed.log()[1]?.outcome === 204, { seconds: 20 });
    expect(subscribed.log().map(({ outcome }) => outcome)).toEqual(['timeout', 204]);
  });

  it('ends with its subscription', async () => {
    const topic = await client.newTopic();
    await using subscribed = await client.subscribe(topic, {}, () => 500);
    await topic.publishMessage({ data: Buffer.from('x') });
    await eventually(() => subscribed.received.length >= 2);
    await subscribed.subscription.delete();
    const after = subscribed.received.length;
    await using other = await client.subscribe(topic, {}, (_, count) => (count < 5 ? 500 : 204));
    await topic.publishMessage({ data: Buffer.from('y') });
    await eventually(() => other.received.length === 5);
    // One may have been under way.
    expect(subscribed.received.length - after).toBeLessThanOrEqual(1);
  });

  it('counts its attempts under a dead-letter policy, and is forwarded after the last', async () => {
    const [topic, deadTopic] = [await client.newTopic(), await client.newTopic()];
    const [{ name: dead }] = await deadTopic.createSubscription(client.newName());
    const deadLetterPolicy = { deadLetterTopic: deadTopic.name, maxDeliveryAttempts: 5 };
    await using subscribed = await client.subscribe(topic, { deadLetterPolicy }, () => 500);
    await topic.publishMessage({ data: Buffer.from('poison'), attributes: { table: 't' } });

    const pull = async () =>
      (await client.puller.pull({ subscription: dead, maxMessages: 5 }))[0].receivedMessages?.[0];
    const { message } = await eventually(pull);
    expect(subscribed.bodies().map(({ deliveryAttempt }) => deliveryAttempt)).toEqual([1, 2, 3, 4, 5]);
    expect(message?.data?.toString()).toBe('poison');
    expect(message?.attributes).toEqual({
      table: 't',
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: subscribed.subscription.name.split('/').at(-1),
      CloudPubSubDeadLetterSourceSubscriptionProject: 'local',
      CloudPubSubDeadLetterSourceTopicPublishTime: subscribed.bodies()[0].message.publishTime.replace('Z', '+00:00'),
    });
  });

  it('goes on where the dead-letter topic is gone', async () => {
    const [topic, deadTopic] = [await client.newTopic(), await client.newTopic()];
    const deadLetterPolicy = { deadLetterTopic: deadTopic.name, maxDeliveryAttempts: 5 };
    await using subscribed = await client.subscribe(topic, { deadLetterPolicy }, (_, count) => (count < 7 ? 500 : 204));
    await deadTopic.delete();
    await topic.publishMessage({ data: Buffer.from('x') });
    await eventually(() => subscribed.log().at(-1)?.outcome === 204);
    expect(subscribed.log()).toHaveLength(7);
  });
});
