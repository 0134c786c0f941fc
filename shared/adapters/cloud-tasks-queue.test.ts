import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { LocalCloud } from '../../infra/local-cloud/local-cloud.ts';
import { startEndpoint } from '../../test/support/endpoint.ts';
import { eventually } from '../../test/support/eventually.ts';
import { localApi } from '../../test/support/local-api.ts';
import { memoryTraces } from '../../test/support/memory-traces.ts';
import { createTasksClient } from '../../test/support/tasks-client.ts';
import { startTestCloud } from '../../test/support/test-cloud.ts';
import type { AggregateTask } from '../ports/messages.ts';
import { TRACE_HEADER, withinExport } from '../tracing/export-trace.ts';
import { cloudTasksQueue } from './cloud-tasks-queue.ts';

const INVOKER = 'invoker@local.iam.gserviceaccount.com';
const task: AggregateTask = {
  recordId: '01a20578-1fcf-7081-bf3d-4ed8f9af18dd',
  stage: 1,
  attempt: 2,
};

let cloud: LocalCloud;
let client: ReturnType<typeof createTasksClient>;

beforeAll(async () => {
  cloud = await startTestCloud();
  client = createTasksClient(cloud);
});
afterAll(async () => {
  await client.tasks.close();
  await cloud.close();
});

/** Opens a queue with an aggregator of its own. */
async function openQueue() {
  const endpoint = await startEndpoint();
  const name = await client.newQueue();
  const url = `${endpoint.url}/aggregate`;
  const queue = cloudTasksQueue(localApi(cloud.tasks), { queue: name, url, serviceAccountEmail: INVOKER });
  return { queue, name, url, received: endpoint.received, [Symbol.asyncDispose]: endpoint.close };
}

describe('an enqueued task', () => {
  it('wakes the aggregator with what it carries', async () => {
    await using at = await openQueue();
    await at.queue.enqueue('task-1', task);
    const request = await eventually(() => at.received[0]);
    expect(request).toMatchObject({ method: 'POST', url: '/aggregate' });
    expect(request.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request.body)).toEqual(task);
  });

  it('carries the trace that it is part of, in a header that the platform leaves alone', async () => {
    const { endedAs } = memoryTraces();
    await using at = await openQueue();
    await withinExport(task.recordId, () => at.queue.enqueue('task-1', task));
    const { headers } = await eventually(() => at.received[0]);
    const { traceId, spanId } = endedAs(`send ${at.name.split('/').at(-1)}`).spanContext();
    expect(headers[TRACE_HEADER]).toBe(`00-${traceId}-${spanId}-01`);
    expect(headers.traceparent).toBeUndefined();
  });

  it('of no trace carries none', async () => {
    await using at = await openQueue();
    await at.queue.enqueue('task-1', task);
    const { headers } = await eventually(() => at.received[0]);
    expect(headers[TRACE_HEADER]).toBeUndefined();
  });

  it('comes with the invoker’s token for the aggregator', async () => {
    await using at = await openQueue();
    await at.queue.enqueue('task-1', task);
    const { headers } = await eventually(() => at.received[0]);
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const keys = createRemoteJWKSet(new URL(cloud.issuer.jwksUrl));
    const { payload } = await jwtVerify(token, keys, { issuer: cloud.issuer.url, audience: at.url });
    expect(payload).toMatchObject({ email: INVOKER, email_verified: true });
  });

  it('waits until its time, to the millisecond, and may then run for half an hour', async () => {
    await using at = await openQueue();
    const time = new Date(Date.now() + 3_600_123);
    await at.queue.enqueue('task-1', task, time);
    const [waiting] = await client.tasks.getTask({ name: `${at.name}/tasks/task-1` });
    const { seconds, nanos } = waiting.scheduleTime ?? {};
    expect(Number(seconds) * 1000 + Number(nanos) / 1e6).toBe(time.getTime());
    expect(Number(waiting.dispatchDeadline?.seconds)).toBe(1800);
    expect(at.received).toEqual([]);
  });

  it('whose name is taken is success, and comes once', async () => {
    await using at = await openQueue();
    const enqueue = () => at.queue.enqueue('task-1', task);
    await Promise.all([enqueue(), enqueue(), enqueue()]);
    await eventually(() => client.isGone(`${at.name}/tasks/task-1`));
    await enqueue();
    await at.queue.enqueue('task-2', task);
    await eventually(() => client.isGone(`${at.name}/tasks/task-2`));
    expect(at.received).toHaveLength(2);
  });

  it('that cannot be enqueued is a fault of whoever enqueues', async () => {
    const nowhere = cloudTasksQueue(localApi(cloud.tasks), {
      queue: 'projects/local/locations/asia-east1/queues/none',
      url: 'http://127.0.0.1:9',
      serviceAccountEmail: INVOKER,
    });
    await expect(nowhere.enqueue('task-1', task)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
