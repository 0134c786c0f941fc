import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEndpoint } from '../../../test/support/endpoint.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { createTasksClient } from '../../../test/support/tasks-client.ts';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { LocalCloud } from '../local-cloud.ts';
import type { Task } from './task.ts';

const CLOCK_SPEED = 100;
/** Returns the real milliseconds that the queue's seconds take. */
const real = (seconds: number) => (seconds * 1000) / CLOCK_SPEED;

describe('a failed attempt at a task', () => {
  let cloud: LocalCloud;
  let client: ReturnType<typeof createTasksClient>;

  beforeAll(async () => {
    cloud = await startTestCloud({ clockSpeed: CLOCK_SPEED });
    client = createTasksClient(cloud);
  });
  afterAll(async () => {
    await client.tasks.close();
    await cloud.close();
  });

  it('is retried on the fast clock until one succeeds, with headers about the earlier ones', async () => {
    const retryConfig = { minBackoff: { seconds: 2 }, maxBackoff: { seconds: 4 } };
    const times: number[] = [];
    await using endpoint = await startEndpoint((_, count) => {
      times.push(performance.now());
      return [404, 503, 429, 299][count - 1] as number;
    });
    const name = await client.create(await client.newQueue({ retryConfig }), endpoint.url);
    await eventually(() => client.isGone(name));
    const header = (name: string) => endpoint.received.map(({ headers }) => headers[`x-cloudtasks-task${name}`]);
    expect(header('retrycount')).toEqual(['0', '1', '2', '3']);
    expect(header('executioncount')).toEqual(['0', '1', '1', '2']);
    expect(header('previousresponse')).toEqual([undefined, '404', '503', '429']);
    const waits = times.slice(1).map((time, i) => time - (times[i] as number));
    for (const [i, least] of [2, 4, 4].entries()) expect(waits[i]).toBeGreaterThanOrEqual(real(least) - 1);
  });

  it('is the last when the attempts are used up', async () => {
    await using endpoint = await startEndpoint(() => 500);
    const queue = await client.newQueue({ retryConfig: { maxAttempts: 3, maxBackoff: { nanos: 100e6 } } });
    const name = await client.create(queue, endpoint.url);
    await eventually(() => client.isGone(name));
    expect(endpoint.received).toHaveLength(3);
  });

  it('is not the last before the retry duration has passed, however many there were', async () => {
    await using endpoint = await startEndpoint(() => 500);
    const retryConfig = { maxAttempts: 2, maxRetryDuration: { seconds: 20 }, maxBackoff: { seconds: 1 } };
    const startedAt = performance.now();
    const name = await client.create(await client.newQueue({ retryConfig }), endpoint.url);
    await eventually(() => client.isGone(name));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(real(20) - 1);
    expect(endpoint.received.length).toBeGreaterThan(2);
  });

  it('includes one without a response', async () => {
    const gone = await startEndpoint();
    await gone.close();
    const name = await client.create(await client.newQueue({ retryConfig: { maxAttempts: 2 } }), gone.url);
    await eventually(() => client.isGone(name));
    expect(client.logOf(name)).toEqual([
      { attempt: 1, copy: false, outcome: 'unreachable' },
      { attempt: 2, copy: false, outcome: 'unreachable' },
    ]);
  });

  it('is the last if the task was deleted meanwhile', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<number>();
    await using endpoint = await startEndpoint(() => opened);
    const queue = await client.newQueue();
    const name = await client.create(queue, endpoint.url);
    await eventually(() => endpoint.received.length === 1);
    await client.tasks.deleteTask({ name });
    open(500);
    await using later = await startEndpoint();
    await client.create(queue, later.url);
    await eventually(() => client.logOf(name)[0]?.outcome === 500 && later.received.length === 1);
    expect(client.logOf(name)).toHaveLength(1);
  });

  it('may be due to a fault: dropped, then sent twice', async () => {
    await using endpoint = await startEndpoint();
    const queue = await client.newQueue();
    const ours = (task: Task) => task.name.startsWith(queue);
    cloud.tasks.faults.drop(ours, 1);
    cloud.tasks.faults.duplicate(ours, 1, 'afterwards');
    const name = await client.create(queue, endpoint.url);
    await eventually(() => client.logOf(name).at(-1)?.copy && client.logOf(name).at(-1)?.outcome === 204);
    expect(client.logOf(name)).toEqual([
      { attempt: 1, copy: false, outcome: 'dropped' },
      { attempt: 2, copy: false, outcome: 204 },
      { attempt: 2, copy: true, outcome: 204 },
    ]);
  });
});
