import type { GoogleApi } from '../../shared/adapters/google-api.ts';
import type { createPubSubClient } from '../support/pubsub-client.ts';
import { describePubSubPublishing } from './pubsub-publishing.contract.ts';
import { describePubSubPushes } from './pubsub-push.contract.ts';
import { describePubSubResources } from './pubsub-resources.contract.ts';
import { describePubSubRetries } from './pubsub-retries.contract.ts';
import type { PubSubTraits } from './pubsub-traits.ts';

/** A Pub/Sub that runs. */
export interface PubSubHarness {
  readonly client: ReturnType<typeof createPubSubClient>;
  /** As the functions publish to it. */
  readonly api: GoogleApi;
  /** Whose tokens its pushes bring, where they bring any. */
  readonly issuer?: { readonly url: string; readonly jwksUrl: string };
}

/** What the system relies on in Pub/Sub, through the official client and endpoints of its own. The order of messages is nothing of that. */
export function describePubSub(traits: PubSubTraits, harness: () => PubSubHarness): void {
  describePubSubResources(traits, harness);
  describePubSubPublishing(harness);
  describePubSubPushes(traits, harness);
  describePubSubRetries(traits, harness);
}
