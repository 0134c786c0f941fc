import { afterAll, beforeAll, describe } from '@jest/globals';
import type { LocalCloud } from '../../infra/local-cloud/local-cloud.ts';
import { localApi } from '../support/local-api.ts';
import { createPubSubClient } from '../support/pubsub-client.ts';
import { startTestCloud } from '../support/test-cloud.ts';
import { describePubSub, type PubSubHarness } from './pubsub.contract.ts';
import { asDocumented } from './pubsub-traits.ts';

describe('the local Pub/Sub', () => {
  let cloud: LocalCloud;
  let harness: PubSubHarness;

  beforeAll(async () => {
    cloud = await startTestCloud();
    harness = { client: createPubSubClient(cloud.pubsub), api: localApi(cloud.pubsub), issuer: cloud.issuer };
  });

  afterAll(async () => {
    await harness.client.close();
    await cloud.close();
  });

  describePubSub(asDocumented, () => harness);
});
