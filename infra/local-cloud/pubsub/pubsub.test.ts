import type { CreateSubscriptionOptions } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEndpoint } from '../../../test/support/endpoint.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createPubSubClient } from '../../../test/support/pubsub-client.ts';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { LocalCloud } from '../local-cloud.ts';

const UNIMPLEMENTED = 12;

/**
 * What the local Pub/Sub adds to Pub/Sub, and what it lacks. The rest is tested by test/contract/pubsub.contract.ts.
 */
describe('the local Pub/Sub', () => {
  let cloud: LocalCloud;
  let client: ReturnType<typeof createPubSubClient>;

  beforeAll(async () => {
    cloud = await startTestCloud();
    client = createPubSubClient(cloud.pubsub);
  });
  afterAll(async () => {
    await client.close();
    await cloud.close();
  });

  it.each<[what: string, options: CreateSubscriptionOptions]>([
    ['ordering', { enableMessageOrdering: true }],
    ['exactly-once delivery', { enableExactlyOnceDelivery: true }],
    ['a push by https', { pushConfig: { pushEndpoint: 'https://127.0.0.1:9/' } }],
  ])('refuses what it has not: %s', async (_, options) => {
    const topic = await client.newTopic();
    await expect(topic.createSubscription('refused', options)).rejects.toMatchObject({ code: UNIMPLEMENTED });
  });

  it('logs each push that it sent or dropped, and its outcome', async () => {
    const topic = await client.newTopic();
    const gone = await startEndpoint();
    await gone.close();
    await using subscribed = await client.subscribe(topic, { pushConfig: { pushEndpoint: gone.url } });
    const { name } = subscribed.subscription;
    cloud.pubsub.faults.drop(({ subscription }) => subscription === name, 1);
    await topic.publishMessage({ data: Buffer.from('x') });
    const made = () => cloud.pubsub.deliveries.filter(({ item }) => item.subscription === name);
    await eventually(() => made().length >= 3);
    expect(made().slice(0, 2)).toMatchObject([
      { attempt: 1, outcome: 'dropped' },
      { attempt: 2, outcome: 'unreachable' },
    ]);
  });
});
