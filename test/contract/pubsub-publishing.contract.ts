import { describe, expect, it } from '@jest/globals';
import type { PubSubHarness } from './pubsub.contract.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What the functions rely on when they publish: they use HTTP and JSON, where the official client uses gRPC. */
export function describePubSubPublishing(harness: () => PubSubHarness): void {
  describe('publishing over HTTP and JSON', () => {
    it('is the same as over gRPC', async () => {
      const { client, api } = harness();
      const topic = await client.newTopic();
      const [subscription] = await topic.createSubscription(client.newName());
      const messages = [{ data: base64('報表'), attributes: { 'plt_fund.vs_withdraw': 'asked' } }];
      await api(`v1/${topic.name}:publish`, { messages });
      const [received] = await client.pull(subscription.name);
      expect(received?.message?.data?.toString()).toBe('報表');
      expect(received?.message?.attributes).toEqual({ 'plt_fund.vs_withdraw': 'asked' });
    });

    it.each([
      ['a topic that does not exist', 'missing', { data: base64('x') }, 'NOT_FOUND'],
      ['an empty message', undefined, { data: '' }, 'INVALID_ARGUMENT'],
      ['data that is not base64', undefined, { data: 'a!b*' }, 'INVALID_ARGUMENT'],
      ['a field that does not exist', undefined, { data: base64('x'), attribute: {} }, 'INVALID_ARGUMENT'],
    ])('is refused for %s', async (_, missing, message, code) => {
      const { client, api } = harness();
      const { name } = missing ? client.pubsub.topic(missing) : await client.newTopic();
      await expect(api(`v1/${name}:publish`, { messages: [message] })).rejects.toMatchObject({ code });
    });
  });
}
