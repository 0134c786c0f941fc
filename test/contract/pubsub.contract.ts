import type { GoogleApi } from '../../shared/adapters/google-api.ts';
import type { createPubSubClient } from '../support/pubsub-client.ts';
import { describePubSubPublishing } from './pubsub-publishing.contract.ts';
import { describePubSubPushes } from './pubsub-push.contract.ts';
import { describePubSubResources } from './pubsub-resources.contract.ts';
import { describePubSubRetries } from './pubsub-retries.contract.ts';
import type { PubSubTraits } from './pubsub-traits.ts';

/** A running Pub/Sub. */
export interface PubSubHarness {
  readonly client: ReturnType<typeof createPubSubClient>;
  /** The API as the functions use it for publishing. */
  readonly api: GoogleApi;
  /** The issuer of the tokens that its pushes carry, if they carry any. */
  readonly issuer?: { readonly url: string; readonly jwksUrl: string };
}

/**
 * What the system relies on in Pub/Sub, tested with the official client and with the tests' own endpoints. The order of
 * messages is not part of it.
 */
export function describePubSub(traits: PubSubTraits, harness: () => PubSubHarness): void {
  describePubSubResources(traits, harness);
  describePubSubPublishing(harness);
  describePubSubPushes(traits, harness);
  describePubSubRetries(traits, harness);
}
