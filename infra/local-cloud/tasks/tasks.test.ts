import { CloudTasksClient, type protos } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { LocalCloud } from '../local-cloud.ts';
import { eventually, type Reply, startEndpoint, startTestCloud } from '../test-support.ts';
import type { Task } from './task.ts';

type TaskFields = protos.google.cloud.tasks.v2.ITask;
type QueueFields = protos.google.cloud.tasks.v2.IQueue;

const PARENT = 'projects/local/locations/asia-east1';
const [NOT_FOUND, ALREADY_EXISTS, INVALID_ARGUMENT, UNIMPLEMENTED] = [5, 6, 3, 12];
const CLOCK_SPEED = 100;
/** Sixty milliseconds for a task that is due in six seconds. */
const real = (seconds: number) => (seconds * 1000) / CLOCK_SPEED;

describe('Cloud Tasks through the official client', () => {
  let cloud: LocalCloud;
  let client: CloudTasksClient;
  let names = 0;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    cloud = await startTestCloud({ clockSpeed: CLOCK_SPEED });
    const { hostname, port } = new URL(`http://${cloud.env.CLOUD_TASKS_EMULATOR_HOST}`);
    client = new CloudTasksClient({
      apiEndpoint: hostname,
      port: Number(port),
      sslCreds: credentials.createInsecure(),
    });
  });
  afterAll(async () => {
    await Promise.all([client.close(), ...closing.map((close) => close())]);
    await cloud.close();
  });

  const newQueue = async (fields: QueueFields = {}): Promise<string> => {
    const [queue] = await client.createQueue({
      parent: PARENT,
      queue: { name: `${PARENT}/queues/q-${++names}`, ...fields },
    });
    return queue.name as string;
  };
  const newEndpoint = async (reply?: Reply) => {
    const endpoint = await startEndpoint(reply);
    closing.push(endpoint.close);
    return endpoint;
  };
  const create = async (queue: string, url: string, fields: TaskFields = {}) => {
    const [task] = await client.createTask({ parent: queue, task: { httpRequest: { url }, ...fields } });
    return task.name as string;
  };
  const inSeconds = (seconds: number) => {
    const at = Date.now() / 1000 + seconds;
    return { seconds: Math.floor(at), nanos: Math.floor((at % 1) * 1e9) };
  };
  const isGone = (name: string) => async () =>
    client.getTask({ name }).then(
      () => false,
      (error) => error.code === NOT_FOUND,
    );
  const logOf = (name: string) => {
    const own = cloud.tasks.deliveries.filter(({ item }) => item.name === name);
    return own.map(({ attempt, copy, outcome }) => ({ attempt, copy, outcome }));
  };

  describe('queues', () => {
    it('are created with defaults, found, listed and deleted', async () => {
      const name = await newQueue({ retryConfig: { maxAttempts: 7 } });
      const [queue] = await client.getQueue({ name });
      expect(queue).toMatchObject({
        name,
        state: 'RUNNING',
        rateLimits: { maxDispatchesPerSecond: 500, maxConcurrentDispatches: 1000 },
        retryConfig: { maxAttempts: 7, minBackoff: { nanos: 100e6 }, maxDoublings: 16 },
      });
      expect((await client.listQueues({ parent: PARENT }))[0].map((found) => found.name)).toContain(name);
      await expect(client.createQueue({ parent: PARENT, queue: { name } })).rejects.toMatchObject({
        code: ALREADY_EXISTS,
      });
      await client.deleteQueue({ name });
      await expect(client.getQueue({ name })).rejects.toMatchObject({ code: NOT_FOUND });
    });

    it('are refused under a name that is none', async () => {
      const queue = { name: `${PARENT}/queues/under_score` };
      await expect(client.createQueue({ parent: PARENT, queue })).rejects.toMatchObject({ code: INVALID_ARGUMENT });
    });

    it('dispatch no more at once than they are allowed', async () => {
      const queue = await newQueue({ rateLimits: { maxConcurrentDispatches: 2 } });
      const { promise: opened, resolve: open } = Promise.withResolvers<number>();
      const endpoint = await newEndpoint(() => opened);
      const tasks = await Promise.all([1, 2, 3, 4].map(() => create(queue, endpoint.url)));
      await eventually(() => endpoint.received.length === 2);
      expect(tasks.flatMap(logOf)).toHaveLength(2);
      open(200);
      await eventually(() => endpoint.received.length === 4);
    });
  });

  describe('a task', () => {
    it('is sent as asked, with the headers of Cloud Tasks', async () => {
      const queue = await newQueue();
      const endpoint = await newEndpoint();
      const headers = { 'Content-Type': 'application/json', 'X-CloudTasks-TaskName': 'forged', traceparent: 't' };
      const httpRequest = {
        url: `${endpoint.url}/aggregate?a=1`,
        httpMethod: 'PUT' as const,
        headers,
        body: Buffer.from('{"é":1}'),
      };
      const scheduleTime = inSeconds(1);
      const name = await create(queue, endpoint.url, { name: `${queue}/tasks/abc-1`, httpRequest, scheduleTime });
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
      expect(Number(request.headers['x-cloudtasks-tasketa'])).toBeCloseTo(
        scheduleTime.seconds + scheduleTime.nanos / 1e9,
        3,
      );
      await eventually(isGone(name));
    });

    it('brings an identity token', async () => {
      const endpoint = await newEndpoint();
      const oidcToken = { serviceAccountEmail: 'tasks@local.iam.gserviceaccount.com', audience: 'aggregate' };
      await create(await newQueue(), endpoint.url, { httpRequest: { url: endpoint.url, oidcToken } });
      const { headers } = await eventually(() => endpoint.received[0]);
      const token = headers.authorization?.replace('Bearer ', '') ?? '';
      const jwks = createRemoteJWKSet(new URL(cloud.issuer.jwksUrl));
      const { payload } = await jwtVerify(token, jwks, { issuer: cloud.issuer.url, audience: 'aggregate' });
      expect(payload).toMatchObject({ email: oidcToken.serviceAccountEmail, email_verified: true });
    });

    it('waits for its time on the fast clock, and is shown meanwhile as it was asked for', async () => {
      const queue = await newQueue();
      const endpoint = await newEndpoint();
      const [scheduleTime, createdAt] = [inSeconds(6), performance.now()];
      const httpRequest = { url: endpoint.url, body: Buffer.from('secret') };
      const name = await create(queue, endpoint.url, { httpRequest, scheduleTime });
      const [task] = await client.getTask({ name });
      expect(Number(task.scheduleTime?.seconds)).toBe(scheduleTime.seconds);
      expect(task.httpRequest?.body).toHaveLength(0);
      const [full] = await client.getTask({ name, responseView: 'FULL' });
      expect(full.httpRequest?.body?.toString()).toBe('secret');
      expect((await client.listTasks({ parent: queue }))[0].map((found) => found.name)).toEqual([name]);
      await eventually(() => endpoint.received.length === 1);
      expect(performance.now() - createdAt).toBeGreaterThanOrEqual(real(6) - 1);
      expect(performance.now() - createdAt).toBeLessThan(6000);
    });

    it('is not sent once deleted', async () => {
      const queue = await newQueue();
      const endpoint = await newEndpoint();
      const name = await create(queue, `${endpoint.url}/deleted`, { scheduleTime: inSeconds(6) });
      await create(queue, `${endpoint.url}/kept`, { scheduleTime: inSeconds(12) });
      await client.deleteTask({ name });
      await expect(client.deleteTask({ name })).rejects.toMatchObject({ code: NOT_FOUND });
      await eventually(() => endpoint.received.length > 0);
      expect(endpoint.received.map(({ url }) => url)).toEqual(['/kept']);
    });

    it('keeps its name from others while it lives and for an hour after', async () => {
      const endpoint = await newEndpoint();
      const queue = await newQueue();
      const name = `${queue}/tasks/once`;
      await create(queue, endpoint.url, { name, scheduleTime: inSeconds(6) });
      await expect(create(queue, endpoint.url, { name })).rejects.toMatchObject({ code: ALREADY_EXISTS });
      await eventually(isGone(name));
      await expect(create(queue, endpoint.url, { name })).rejects.toMatchObject({ code: ALREADY_EXISTS });
      const deleted = await create(queue, endpoint.url, {
        name: `${queue}/tasks/deleted`,
        scheduleTime: inSeconds(60),
      });
      await client.deleteTask({ name: deleted });
      await expect(create(queue, endpoint.url, { name: deleted })).rejects.toMatchObject({ code: ALREADY_EXISTS });
      expect(endpoint.received).toHaveLength(1);
    });

    it.each<[fault: string, fields: TaskFields, code: number]>([
      ['no target', { httpRequest: null }, INVALID_ARGUMENT],
      ['a URL that is none', { httpRequest: { url: 'nowhere' } }, INVALID_ARGUMENT],
      ['an App Engine target', { httpRequest: null, appEngineHttpRequest: {} }, UNIMPLEMENTED],
      [
        'a body to GET',
        { httpRequest: { url: 'http://127.0.0.1:9', httpMethod: 'GET', body: Buffer.from('x') } },
        INVALID_ARGUMENT,
      ],
      [
        'a body of over 100 KiB',
        { httpRequest: { url: 'http://127.0.0.1:9', body: Buffer.alloc(102_401) } },
        INVALID_ARGUMENT,
      ],
      ['a deadline of 14 s', { dispatchDeadline: { seconds: 14 } }, INVALID_ARGUMENT],
      ['a deadline of 31 min', { dispatchDeadline: { seconds: 1860 } }, INVALID_ARGUMENT],
      ['a time in 31 days', { scheduleTime: inSeconds(31 * 86_400) }, INVALID_ARGUMENT],
      ['a name of another queue', { name: `${PARENT}/queues/other/tasks/t` }, INVALID_ARGUMENT],
    ])('is refused with %s', async (_, fields, code) => {
      await expect(create(await newQueue(), 'http://127.0.0.1:9', fields)).rejects.toMatchObject({ code });
    });

    it('is refused in a queue that is not there', async () => {
      await expect(create(`${PARENT}/queues/missing`, 'http://127.0.0.1:9')).rejects.toMatchObject({ code: NOT_FOUND });
    });
  });

  describe('a failed attempt', () => {
    it('is repeated on the fast clock until one succeeds, each told of those before', async () => {
      const retryConfig = { minBackoff: { seconds: 2 }, maxBackoff: { seconds: 4 } };
      const times: number[] = [];
      const endpoint = await newEndpoint((_, count) => {
        times.push(performance.now());
        return [404, 503, 429, 299][count - 1] as number;
      });
      const name = await create(await newQueue({ retryConfig }), endpoint.url);
      await eventually(isGone(name));
      const header = (suffix: string) => endpoint.received.map(({ headers }) => headers[`x-cloudtasks-task${suffix}`]);
      expect(header('retrycount')).toEqual(['0', '1', '2', '3']);
      expect(header('executioncount')).toEqual(['0', '1', '1', '2']);
      expect(header('previousresponse')).toEqual([undefined, '404', '503', '429']);
      const waits = times.slice(1).map((time, i) => time - (times[i] as number));
      for (const [i, least] of [2, 4, 4].entries()) expect(waits[i]).toBeGreaterThanOrEqual(real(least) - 1);
    });

    it('is the last when the attempts are used up', async () => {
      const endpoint = await newEndpoint(() => 500);
      const queue = await newQueue({ retryConfig: { maxAttempts: 3, maxBackoff: { nanos: 100e6 } } });
      const name = await create(queue, endpoint.url);
      await eventually(isGone(name));
      expect(endpoint.received).toHaveLength(3);
    });

    it('is not the last while the retry duration has not passed, however many there were', async () => {
      const endpoint = await newEndpoint(() => 500);
      const retryConfig = { maxAttempts: 2, maxRetryDuration: { seconds: 10 }, maxBackoff: { seconds: 1 } };
      const startedAt = performance.now();
      const name = await create(await newQueue({ retryConfig }), endpoint.url);
      await eventually(isGone(name));
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(real(10) - 1);
      expect(endpoint.received.length).toBeGreaterThan(3);
    });

    it('is one that no answer came to', async () => {
      const gone = await startEndpoint();
      await gone.close();
      const name = await create(await newQueue({ retryConfig: { maxAttempts: 2 } }), gone.url);
      await eventually(isGone(name));
      expect(logOf(name)).toEqual([
        { attempt: 1, copy: false, outcome: 'unreachable' },
        { attempt: 2, copy: false, outcome: 'unreachable' },
      ]);
    });
  });

  it('drops, duplicates and holds dispatches where a fault says so', async () => {
    const endpoint = await newEndpoint();
    const queue = await newQueue();
    const ours = (task: Task) => task.name.startsWith(queue);
    cloud.tasks.faults.drop(ours, 1);
    cloud.tasks.faults.duplicate(ours, 1, 'afterwards');
    const release = cloud.tasks.faults.hold(ours);
    const name = await create(queue, endpoint.url);
    const other = await newEndpoint();
    await create(await newQueue(), other.url);
    await eventually(() => other.received.length === 1);
    expect(endpoint.received).toHaveLength(0);
    release();
    await eventually(() => endpoint.received.length === 2);
    await eventually(() => logOf(name).every(({ outcome }) => outcome !== 'in flight'));
    expect(logOf(name)).toEqual([
      { attempt: 1, copy: false, outcome: 'dropped' },
      { attempt: 2, copy: false, outcome: 204 },
      { attempt: 2, copy: true, outcome: 204 },
    ]);
    cloud.tasks.faults.clear();
  });
});
