import { afterAll, beforeAll, describe } from '@jest/globals';
import type { LocalServer } from '../../infra/local-servers/local-server.ts';
import { runFolder } from '../../infra/local-servers/run-folder.ts';
import { findPubSubEmulator, startPubSubEmulator } from '../support/emulators/pubsub-emulator.ts';
import { localApi } from '../support/local-api.ts';
import { createPubSubClient } from '../support/pubsub-client.ts';
import { describePubSub, type PubSubHarness } from './pubsub.contract.ts';
import { asGooglesEmulator } from './pubsub-traits.ts';

const emulator = findPubSubEmulator();
const isRequired = process.env.REQUIRE_PUBSUB_EMULATOR === '1';
const describeIfInstalled = emulator || isRequired ? describe : describe.skip;
if (!emulator && !isRequired) {
  process.stderr.write(
    "Skipped: the Pub/Sub contract on Google's emulator; Google's Pub/Sub emulator and Java are not both installed.\n",
  );
}

describeIfInstalled("Google's Pub/Sub emulator", () => {
  let server: LocalServer;
  let harness: PubSubHarness;

  beforeAll(async () => {
    if (!emulator) throw new Error('REQUIRE_PUBSUB_EMULATOR is 1, but the emulator or Java is not installed');
    server = await startPubSubEmulator(emulator, { dir: (await runFolder('pubsub')).path });
    harness = { client: createPubSubClient(server), api: localApi(server) };
  });

  afterAll(async () => {
    await harness?.client.close();
    await server?.stop();
  });

  describePubSub(asGooglesEmulator, () => harness);
});
