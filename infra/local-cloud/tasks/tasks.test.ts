import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startEndpoint } from '../../../test/support/endpoint.ts';
import { eventually } from '../../../test/support/eventually.ts';
import {
  createTasksClient,
  inSeconds,
  NOT_FOUND,
  PARENT,
  type TaskFields,
} from '../../../test/support/tasks-client.ts';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { LocalCloud } from '../local-cloud.ts';

const [ALREADY_EXISTS, INVALID_ARGUMENT, UNIMPLEMENTED] = [6, 3, 12];
const CLOCK_SPEED = 100;
const NOWHERE = 'http://127.0.0.1:9';

describe('Cloud Tasks through the official client', () => {
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

  describe('a queue', () => {
    it('is created with defaults, found, listed and deleted', async () => {
      const name = await client.newQueue({ retryConfig: { maxAttempts: 7 } });
      const [queue] = await client.tasks.getQueue({ name });
      expect(queue).toMatchObject({
        name,
        state: 'RUNNING',
        rateLimits: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 1000 },
        retryConfig: { maxAttempts: 7, minBackoff: { nanos: 100e6 }, maxDoublings: 16 },
      });
      expect((await client.tasks.listQueues({ parent: PARENT }))[0].map((found) => found.name)).toContain(name);
      await expect(client.newQueue({ name })).rejects.toMatchObject({ code: ALREADY_EXISTS });
      await client.tasks.deleteQueue({ name });
      await expect(client.tasks.getQueue({ name })).rejects.toMatchObject({ code: NOT_FOUND });
    });

    it('is rejected with an invalid name', async () => {
      const name = `${PARENT}/queues/under_score`;
      await expect(client.newQueue({ name })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('dispatches no more tasks at once than its limit', async () => {
      const queue = await client.newQueue({ rateLimits: { maxConcurrentDispatches: 2 } });
      const { promise: opened, resolve: open } = Promise.withResolvers<number>();
      await using endpoint = await startEndpoint(() => opened);
      const tasks = await Promise.all([1, 2, 3, 4].map(() => client.create(queue, endpoint.url)));
      await eventually(() => endpoint.received.length === 2);
      expect(tasks.flatMap(client.logOf)).toHaveLength(2);
      open(200);
      await eventually(() => endpoint.received.length === 4);
    });
  });

  describe('a task', () => {
    it('is sent as requested, with the headers of Cloud Tasks', async () => {
      const queue = await client.newQueue();
      await using endpoint = await startEndpoint();
      const headers = { 'Content-Type': 'application/json', 'X-CloudTasks-TaskName': 'forged', traceparent: 't' };
      const url = `${endpoint.url}/aggregate?a=1`;
      const httpRequest = { url, httpMethod: 'PUT' as const, headers, body: Buffer.from('{"é":1}') };
      const scheduleTime = inSeconds(1);
      const name = await client.create(queue, url, { name: `${queue}/tasks/abc-1`, httpRequest, scheduleTime });
      const request = await eventually(() => endpoint.received[0]);
      expect(request).toMatchObject({ method: 'PUT', url: '/aggregate?a=1', body: '{"é":1}' });
      expect(request.headers).toMatchObject({
        'content-type': 'application/json',
        traceparent: 't',
        'user-agent': 'Google-Cloud-Tasks',
        'x-cloudtasks-queuename': queue.split('/').at(-1),
        'x-cloudtasks-taskname': 'abc-1',
        'x-cloudtasks-taskretrycount': '0',
        'x-cloudtasks-taskexecutioncount': '0',
      });
      const eta = Number(request.headers['x-cloudtasks-tasketa']);
      expect(eta).toBeCloseTo(scheduleTime.seconds + scheduleTime.nanos / 1e9, 3);
      await eventually(() => client.isGone(name));
    });

    it('carries an identity token', async () => {
      await using endpoint = await startEndpoint();
      const oidcToken = { serviceAccountEmail: 'tasks@local.iam.gserviceaccount.com', audience: 'aggregate' };
      await client.create(await client.newQueue(), '', { httpRequest: { url: endpoint.url, oidcToken } });
      const { headers } = await eventually(() => endpoint.received[0]);
      const token = headers.authorization?.replace('Bearer ', '') ?? '';
      const jwks = createRemoteJWKSet(new URL(cloud.issuer.jwksUrl));
      const { payload } = await jwtVerify(token, jwks, { issuer: cloud.issuer.url, audience: 'aggregate' });
      expect(payload).toMatchObject({ email: oidcToken.serviceAccountEmail, email_verified: true });
    });

    it('waits for its schedule time on the fast clock, and is described as requested meanwhile', async () => {
      const queue = await client.newQueue();
      await using endpoint = await startEndpoint();
      const [scheduleTime, createdAt] = [inSeconds(60), performance.now()];
      const httpRequest = { url: endpoint.url, body: Buffer.from('secret') };
      const name = await client.create(queue, '', { httpRequest, scheduleTime });
      const [task] = await client.tasks.getTask({ name });
      expect(Number(task.scheduleTime?.seconds)).toBe(scheduleTime.seconds);
      expect(task.httpRequest?.body).toHaveLength(0);
      const [full] = await client.tasks.getTask({ name, responseView: 'FULL' });
      expect(full.httpRequest?.body?.toString()).toBe('secret');
      expect((await client.tasks.listTasks({ parent: queue }))[0].map((found) => found.name)).toEqual([name]);
      await eventually(() => endpoint.received.length === 1);
      expect(performance.now() - createdAt).toBeGreaterThanOrEqual(60_000 / CLOCK_SPEED - 1);
    });

    it('is not sent once deleted', async () => {
      const queue = await client.newQueue();
      await using endpoint = await startEndpoint();
      const name = await client.create(queue, `${endpoint.url}/deleted`, { scheduleTime: inSeconds(60) });
      await client.create(queue, `${endpoint.url}/kept`, { scheduleTime: inSeconds(66) });
      await client.tasks.deleteTask({ name });
      await expect(client.tasks.deleteTask({ name })).rejects.toMatchObject({ code: NOT_FOUND });
      await eventually(() => endpoint.received.length > 0);
      expect(endpoint.received.map(({ url }) => url)).toEqual(['/kept']);
    });

    it('reserves its name while it exists and for an hour after', async () => {
      await using endpoint = await startEndpoint();
      const queue = await client.newQueue();
      const name = `${queue}/tasks/once`;
      await client.create(queue, endpoint.url, { name, scheduleTime: inSeconds(6) });
      await expect(client.create(queue, endpoint.url, { name })).rejects.toMatchObject({ code: ALREADY_EXISTS });
      await eventually(() => client.isGone(name));
      await expect(client.create(queue, endpoint.url, { name })).rejects.toMatchObject({ code: ALREADY_EXISTS });
      expect(endpoint.received).toHaveLength(1);
    });

    it('reserves its name after it was deleted, too', async () => {
      const queue = await client.newQueue();
      const name = await client.create(queue, NOWHERE, { name: `${queue}/tasks/t`, scheduleTime: inSeconds(600) });
      await client.tasks.deleteTask({ name });
      await expect(client.create(queue, NOWHERE, { name })).rejects.toMatchObject({ code: ALREADY_EXISTS });
    });

    it('frees its name after that hour', async () => {
      const fast = await startTestCloud({ clockSpeed: 100_000 });
      const { create, newQueue, isGone, tasks } = createTasksClient(fast);
      await using endpoint = await startEndpoint();
      const queue = await newQueue();
      const name = await create(queue, endpoint.url, { name: `${queue}/tasks/again` });
      await eventually(() => isGone(name));
      await eventually(() => create(queue, endpoint.url, { name }).catch(() => false as const));
      await eventually(() => endpoint.received.length === 2);
      await tasks.close();
      await fast.close();
    });

    it.each<[fault: string, fields: TaskFields, code: number]>([
      ['no target', { httpRequest: null }, INVALID_ARGUMENT],
      ['a URL that is none', { httpRequest: { url: 'nowhere' } }, INVALID_ARGUMENT],
      ['an App Engine target', { httpRequest: null, appEngineHttpRequest: {} }, UNIMPLEMENTED],
      ['a body to GET', { httpRequest: { url: NOWHERE, httpMethod: 'GET', body: Buffer.from('x') } }, INVALID_ARGUMENT],
      ['a body of over 100 KiB', { httpRequest: { url: NOWHERE, body: Buffer.alloc(102_401) } }, INVALID_ARGUMENT],
      ['a deadline of 14 s', { dispatchDeadline: { seconds: 14 } }, INVALID_ARGUMENT],
      ['a deadline of 31 min', { dispatchDeadline: { seconds: 1860 } }, INVALID_ARGUMENT],
      ['a time in 31 days', { scheduleTime: inSeconds(31 * 86_400) }, INVALID_ARGUMENT],
      ['a name of another queue', { name: `${PARENT}/queues/other/tasks/t` }, INVALID_ARGUMENT],
    ])('is refused with %s', async (_, fields, code) => {
      await expect(client.create(await client.newQueue(), NOWHERE, fields)).rejects.toMatchObject({ code });
    });

    it('is rejected in a queue that does not exist', async () => {
      await expect(client.create(`${PARENT}/queues/missing`, NOWHERE)).rejects.toMatchObject({ code: NOT_FOUND });
    });
  });
});
