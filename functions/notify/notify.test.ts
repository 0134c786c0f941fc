import { describe, expect, it } from '@jest/globals';
import { postWebhook } from '../../shared/adapters/webhook-sender/post-webhook.ts';
import { webhookTask } from '../../shared/domain/names.ts';
import type { EventSummary, WebhookTask } from '../../shared/ports/messages.ts';
import { type Reply, startEndpoint } from '../../test/support/endpoint.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import type { Endpoint } from './endpoints.ts';
import { notify } from './notify.ts';

const HOUR = 3_600_000;
const now = new Date('2026-03-01T12:00:00.000Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * HOUR).toISOString();
const recordId = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
const event: EventSummary = {
  id: `${recordId}-failed`,
  type: 'report.failed',
  time: now.toISOString(),
  recordId,
  status: 'FAILED',
};

const endpointAt = (id: string, changes: Partial<Endpoint> = {}): Endpoint => ({
  id,
  url: 'http://127.0.0.1:9',
  secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  allowPrivate: true,
  ...changes,
});

/** Returns a function with these endpoints, and with a queue that records its tasks. */
function notifier(endpoints: Endpoint[]) {
  const { logger, lines } = memoryLogger();
  const tasks: { name: string; task: WebhookTask }[] = [];
  const queue = { enqueue: async (name: string, task: WebhookTask) => void tasks.push({ name, task }) };
  const ports = { endpoints, queue, post: postWebhook, pageUrl: 'https://downloads.example.com', clock: () => now };
  return {
    tasks,
    lines,
    fanOut: () => notify({ event, source: 'admin-portal' }, ports, logger),
    deliver: (since = now.toISOString()) => notify({ delivery: { event, endpointId: 'a', since } }, ports, logger),
  };
}

describe('an event', () => {
  it('becomes a named task for each endpoint that wants it', async () => {
    const at = notifier([
      endpointAt('all'),
      endpointAt('failures', { events: ['report.cancelled', 'report.failed'] }),
      endpointAt('successes', { events: ['report.completed'] }),
      endpointAt('portal', { source: 'admin-portal' }),
      endpointAt('other', { source: 'other-portal' }),
    ]);
    await at.fanOut();
    const expected = ['all', 'failures', 'portal'].map((endpointId) => ({
      name: webhookTask(event.id, endpointId),
      task: { event, endpointId, since: now.toISOString() },
    }));
    expect(at.tasks).toEqual(expected);
  });

  it('that nobody wants is done with', async () => {
    const at = notifier([]);
    await at.fanOut();
    expect(at.tasks).toEqual([]);
  });
});

/** Returns the outcome of a delivery that gets this reply `age` hours after it was requested. */
async function attempt(reply: Reply, age = 0) {
  await using receiver = await startEndpoint(reply);
  const at = notifier([endpointAt('a', { url: receiver.url })]);
  const outcome = await at.deliver(hoursAgo(age)).then(
    () => 'done with',
    (error) => error.kind,
  );
  return { outcome, count: receiver.received.length, lines: at.lines };
}

describe('a delivery', () => {
  it.each<[status: number, outcome: string]>([
    [200, 'done with'],
    [204, 'done with'],
    [410, 'done with'],
    [302, 'transient'],
    [400, 'transient'],
    [404, 'transient'],
    [429, 'transient'],
    [500, 'transient'],
    [503, 'transient'],
  ])('answered %d is %s', async (status, outcome) => {
    expect(await attempt(() => status)).toMatchObject({ outcome, count: 1 });
  });

  it.each<[age: number, outcome: string]>([
    [22.9, 'transient'],
    [23, 'permanent'],
    [30, 'permanent'],
  ])('that fails after %d hours is %s: none comes after a day', async (age, outcome) => {
    expect(await attempt(() => 500, age)).toMatchObject({ outcome, count: 1 });
  });

  it('that comes late is made all the same', async () => {
    expect(await attempt(() => 200, 30)).toMatchObject({ outcome: 'done with', count: 1 });
  });

  it('to nobody comes again', async () => {
    await expect(notifier([endpointAt('a')]).deliver()).rejects.toMatchObject({
      code: 'WEBHOOK_FAILED',
      kind: 'transient',
    });
  });

  it('to a private address is refused for good', async () => {
    const at = notifier([endpointAt('a', { url: 'https://10.0.0.1/hook', allowPrivate: false })]);
    await expect(at.deliver()).rejects.toMatchObject({ code: 'ADDRESS_REFUSED', kind: 'permanent' });
  });

  it('to an endpoint that was taken away is done with, and logged', async () => {
    const at = notifier([endpointAt('b')]);
    await at.deliver();
    expect(at.lines).toMatchObject([{ endpointId: 'a', message: 'no such endpoint any more' }]);
  });
});
