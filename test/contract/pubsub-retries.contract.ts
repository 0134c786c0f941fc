import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import type { PubSubHarness } from './pubsub.contract.ts';
import type { PubSubTraits } from './pubsub-traits.ts';

const STATUSES = [102, 200, 201, 202, 203, 204, 206, 301, 400, 404, 409, 429, 500, 503];

/** In seconds; longer than the slowest known Pub/Sub needs for anything that these tests wait for. */
const PATIENCE = 40;

export function describePubSubRetries(traits: PubSubTraits, harness: () => PubSubHarness): void {
  describe('a push that is not acknowledged', () => {
    it(`is made again, as after every status but ${traits.acknowledging.join(', ')}`, async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      await using _endpoints = new AsyncDisposableStack();
      const subscribed = await Promise.all(
        STATUSES.map(async (status) => {
          const reply = (_request: unknown, count: number) => (count === 1 ? status : 204);
          return { status, ..._endpoints.use(await client.subscribe(topic, {}, reply)) };
        }),
      );
      // By the time of this push's third retry, every other push that is retried has been retried.
      const control = _endpoints.use(await client.subscribe(topic, {}, (_request, count) => (count < 4 ? 500 : 204)));
      await topic.publishMessage({ data: Buffer.from('x') });
      await eventually(() => control.received.length === 4, PATIENCE);
      const once = subscribed.filter(({ received }) => received.length === 1);
      expect(once.map(({ status }) => status)).toEqual(traits.acknowledging);
      expect(subscribed.filter(({ received }) => received.length > 2)).toEqual([]);
    }, 60_000);

    it('is made again after a backoff, which grows to its most', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      const { leastMs, underMs } = traits.retries;
      const times: number[] = [];
      const retryPolicy = { minimumBackoff: { nanos: 20e6 }, maximumBackoff: { nanos: 50e6 } };
      await using _ = await client.subscribe(topic, { retryPolicy }, (_request, count) => {
        times.push(performance.now());
        return count <= leastMs.length ? 503 : 204;
      });
      await topic.publishMessage({ data: Buffer.from('x') });
      await eventually(() => times.length > leastMs.length, PATIENCE);
      const waits = times.slice(1).map((time, at) => time - (times[at] as number));
      for (const [at, least] of leastMs.entries()) expect(waits[at]).toBeGreaterThanOrEqual(least - 1);
      expect(waits.at(-1)).toBeLessThan(underMs);
    }, 60_000);

    it('is given up at the ack deadline and made again', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      const times: number[] = [];
      const reply = (_request: unknown, count: number) => {
        times.push(performance.now());
        return count === 1 ? 'nothing' : 204;
      };
      await using _ = await client.subscribe(topic, { ackDeadlineSeconds: 10 }, reply);
      await topic.publishMessage({ data: Buffer.from('x') });
      const [first = 0, second = 0] = await eventually(() => times.length === 2 && times, PATIENCE);
      expect(second - first).toBeGreaterThanOrEqual(9_990);
    }, 60_000);

    it('ends with its subscription', async () => {
      const { client } = harness();
      const topic = await client.newTopic();
      await using subscribed = await client.subscribe(topic, {}, () => 500);
      await topic.publishMessage({ data: Buffer.from('x') });
      await eventually(() => subscribed.received.length >= 2, PATIENCE);
      await subscribed.subscription.delete();
      const after = subscribed.received.length;
      await using other = await client.subscribe(topic, {}, (_request, count) => (count < 4 ? 500 : 204));
      await topic.publishMessage({ data: Buffer.from('y') });
      await eventually(() => other.received.length === 4, PATIENCE);
      // One push may have been in flight.
      expect(subscribed.received.length - after).toBeLessThanOrEqual(1);
    }, 60_000);

    it('is set aside after its last attempt, or made on where there is nothing to set it aside in', async () => {
      const { client } = harness();
      const [topic, kept, gone] = [await client.newTopic(), await client.newTopic(), await client.newTopic()];
      const [{ name: dead }] = await kept.createSubscription(client.newName());
      const setAside = (to: typeof topic) => ({ deadLetterTopic: to.name, maxDeliveryAttempts: 5 });
      await using poisoned = await client.subscribe(topic, { deadLetterPolicy: setAside(kept) }, () => 500);
      await using tough = await client.subscribe(topic, { deadLetterPolicy: setAside(gone) }, (_request, count) =>
        count < 7 ? 500 : 204,
      );
      await gone.delete();
      await topic.publishMessage({ data: Buffer.from('poison'), attributes: { table: 't' } });

      const { message } = await eventually(async () => (await client.pull(dead))[0], PATIENCE);
      const pushes = poisoned.bodies();
      const attempts = pushes.map(({ deliveryAttempt }) => deliveryAttempt);
      expect(attempts).toEqual([1, 2, 3, 4, 5].map((attempt) => (traits.countsAttempts ? attempt : undefined)));
      expect(message?.data?.toString()).toBe('poison');
      const { CloudPubSubDeadLetterSourceTopicPublishTime: publishTime = '', ...attributes } =
        message?.attributes ?? {};
      expect(attributes).toEqual({
        table: 't',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: poisoned.subscription.name.split('/').at(-1),
        CloudPubSubDeadLetterSourceSubscriptionProject: 'local',
      });
      expect(Date.parse(publishTime)).toBe(Date.parse(pushes[0].message.publishTime));
      await eventually(() => tough.received.length === 7, PATIENCE);
    }, 60_000);
  });
}
