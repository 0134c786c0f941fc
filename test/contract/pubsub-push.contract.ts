import { describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startEndpoint } from '../support/endpoint.ts';
import { eventually } from '../support/eventually.ts';
import type { PubSubHarness } from './pubsub.contract.ts';
import type { PubSubTraits } from './pubsub-traits.ts';

const TABLE = 'plt_fund.vs_withdraw';

export function describePubSubPushes(traits: PubSubTraits, harness: () => PubSubHarness): void {
  describe('a push', () => {
    it('carries the message as Pub/Sub wraps it', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      await using subscribed = await client.subscribe(topic);
      const before = Date.now();
      const messageId = await topic.publishMessage({ data: Buffer.from('héllo'), attributes: { [TABLE]: 'asked' } });
      const request = await eventually(() => subscribed.received[0]);
      expect(request).toMatchObject({ method: 'POST', url: '/push', headers: { 'content-type': 'application/json' } });
      const [body] = subscribed.bodies();
      const { publishTime } = body.message;
      expect(body).toEqual({
        subscription: subscribed.subscription.name,
        message: {
          data: Buffer.from('héllo').toString('base64'),
          attributes: { [TABLE]: 'asked' },
          messageId,
          message_id: messageId,
          publishTime,
          publish_time: publishTime,
        },
      });
      expect(Date.parse(publishTime)).toBeGreaterThanOrEqual(before);
    });

    it('carries ten megabytes', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      await using subscribed = await client.subscribe(topic);
      await topic.publishMessage({ data: Buffer.alloc(10_000_000, 'x') });
      const { body } = await eventually(() => subscribed.received[0]);
      expect(body.length).toBeGreaterThan(13_000_000);
    });

    it('is made for each of the messages, in whatever order', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      await using subscribed = await client.subscribe(topic);
      const ids = await Promise.all(Array.from({ length: 20 }, () => topic.publishMessage({ data: Buffer.from('x') })));
      const pushed = () => new Set(subscribed.bodies().map(({ message }) => message.messageId));
      await eventually(() => pushed().size >= ids.length);
      expect(pushed()).toEqual(new Set(ids));
    });

    it('reaches the subscriptions whose filter the attributes pass', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      await using table = await client.subscribe(topic, { filter: `attributes:"${TABLE}"` });
      await using failures = await client.subscribe(topic, { filter: 'attributes.type = "report.failed"' });
      await using real = await client.subscribe(topic, {
        filter: 'hasPrefix(attributes.type, "report.") AND NOT attributes:test',
      });
      await using all = await client.subscribe(topic);
      const [asked, failed, completed, tried] = [
        { [TABLE]: 'asked', other: '' },
        { type: 'report.failed' },
        { type: 'report.completed' },
        { type: 'report.failed', test: '1' },
      ];
      const published = [asked, failed, completed, tried];
      for (const attributes of published) await topic.publishMessage({ attributes });
      const passing = (...attributes: object[]) => (traits.appliesFilters ? attributes : published);
      for (const [subscribed, expected] of [
        [table, passing(asked)],
        [failures, passing(failed, tried)],
        [real, passing(failed, completed)],
        [all, published],
      ] as const) {
        await eventually(() => subscribed.received.length >= expected.length);
        const received = subscribed.bodies().map(({ message }) => JSON.stringify(message.attributes));
        expect(received.sort()).toEqual(expected.map((attributes) => JSON.stringify(attributes)).sort());
      }
    });

    const bringing = traits.identifiesItself ? 'brings an identity token with' : 'brings none, though asked to, with';
    it.each([
      ['the audience that was asked for', 'query-table'],
      ['the endpoint as audience by default', undefined],
    ])(`${bringing} %s`, async (_, audience) => {
      const { client, issuer } = harness();
      const topic = await client.newTopic();
      await using endpoint = await startEndpoint();
      const serviceAccountEmail = 'pusher@local.iam.gserviceaccount.com';
      const oidcToken = { serviceAccountEmail, ...(audience && { audience }) };
      const pushConfig = { pushEndpoint: `${endpoint.url}/push`, oidcToken };
      await topic.createSubscription(client.newName(), { pushConfig });
      await topic.publishMessage({ data: Buffer.from('x') });
      const { authorization } = (await eventually(() => endpoint.received[0])).headers;
      if (!traits.identifiesItself) return expect(authorization).toBeUndefined();
      const token = authorization?.replace('Bearer ', '') ?? '';
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(issuer?.jwksUrl ?? '')), {
        issuer: issuer?.url ?? '',
        audience: audience ?? `${endpoint.url}/push`,
      });
      expect(payload).toMatchObject({ email: serviceAccountEmail, email_verified: true });
    });
  });

  it('hands out a pulled message until it is acknowledged', async () => {
    const { client } = harness();
    const topic = await client.newTopic();
    const [{ name: subscription }] = await topic.createSubscription(client.newName());
    await topic.publishMessage({ data: Buffer.from('pulled'), attributes: { a: 'b' } });
    const received = await eventually(async () => (await client.pull(subscription))[0]);
    expect(received.message).toMatchObject({ data: Buffer.from('pulled'), attributes: { a: 'b' } });
    expect(await client.pull(subscription)).toEqual([]);
    await client.puller.acknowledge({ subscription, ackIds: [received.ackId ?? ''] });
    expect(await client.pull(subscription)).toEqual([]);
  });
}
