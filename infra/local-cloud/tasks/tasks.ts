import { randomInt } from 'node:crypto';
import { Deliverer } from '../deliverer.ts';
import type { Issuer } from '../issuer.ts';
import { alreadyExists, notFound } from '../rpc-error.ts';
import { pageOf, type RpcMethods, startRpcServer } from '../rpc-server.ts';
import { Queue } from './queue.ts';
import { configureQueue, type QueueRequest } from './queue-config.ts';
import { checkTask, describeTask, type Task, type TaskRequest } from './task.ts';

/**
 * Cloud Tasks v2 over gRPC, as `@google-cloud/tasks` speaks it with insecure credentials, and over HTTP and JSON, as the
 * functions create tasks.
 *
 * Supported: queues and tasks (create, get, list, delete), names that stay taken for an hour, schedule times, HTTP
 * targets with OIDC tokens, dispatch deadlines, the queue's retry rules, and its limit on concurrent dispatches.
 * Rejected as unsupported: App Engine targets, OAuth tokens, https targets. Answered with UNIMPLEMENTED: updating,
 * pausing and purging queues, running a task by hand. Silently missing: the dispatch rate, slowing down on 429 and 503,
 * attempts' details in a task, the days for which a deleted queue's name stays taken. Everything is in memory.
 *
 * The clock can run fast. With `clockSpeed: 20`, whatever the server itself waits for takes a twentieth: the time from
 * creation to a task's scheduleTime, retry backoffs, maxRetryDuration, and the hour of a taken name. A minute passes in
 * three seconds. Times in requests, responses and headers stay what the client asked for, and an endpoint's dispatch
 * deadline is real, since its work is.
 */
export interface TasksServer extends Pick<Deliverer<Task>, 'faults' | 'deliveries'> {
  readonly port: number;
  close(): void;
}

export async function startTasks({
  issuer,
  clockSpeed = 1,
}: {
  issuer: Issuer;
  clockSpeed?: number;
}): Promise<TasksServer> {
  const queues = new Map<string, Queue>();
  const deliverer = new Deliverer<Task>();

  const findQueue = (name: string): Queue => {
    const queue = queues.get(name);
    if (!queue) throw notFound('Queue does not exist.');
    return queue;
  };
  const queueOf = (taskName: string) => findQueue(taskName.split('/tasks/')[0] as string);

  const methods: RpcMethods = {
    createQueue: ({ parent, queue }: { parent: string; queue: QueueRequest }) => {
      const config = configureQueue(queue, parent);
      if (queues.has(config.name)) throw alreadyExists('Queue already exists');
      queues.set(config.name, new Queue(config, { deliverer, issuer, clockSpeed }));
      return config;
    },
    getQueue: ({ name }: { name: string }) => findQueue(name).config,
    listQueues: (request: { parent: string; pageSize: number; pageToken: string }) => {
      const found = [...queues.values()].filter(({ config }) => config.name.startsWith(`${request.parent}/`));
      const { page, nextPageToken } = pageOf(found, request);
      return { queues: page.map(({ config }) => config), nextPageToken };
    },
    deleteQueue: ({ name }: { name: string }) => {
      findQueue(name).clear();
      queues.delete(name);
      return {};
    },
    createTask: (request: { parent: string; task: TaskRequest; responseView: string }) => {
      const queue = findQueue(request.parent);
      const task = checkTask(request.task, queue.config.name, String(randomInt(2 ** 48 - 1)).padStart(20, '0'));
      queue.add(task);
      return describeTask(task, request.responseView);
    },
    getTask: ({ name, responseView }: { name: string; responseView: string }) =>
      describeTask(queueOf(name).find(name), responseView),
    listTasks: (request: { parent: string; responseView: string; pageSize: number; pageToken: string }) => {
      const { page, nextPageToken } = pageOf(findQueue(request.parent).tasks, request);
      return { tasks: page.map((task) => describeTask(task, request.responseView)), nextPageToken };
    },
    deleteTask: ({ name }: { name: string }) => {
      const queue = queueOf(name);
      queue.remove(queue.find(name).name);
      return {};
    },
  };

  const server = await startRpcServer('@google-cloud/tasks', { 'google.cloud.tasks.v2.CloudTasks': methods });
  return {
    port: server.port,
    faults: deliverer.faults,
    deliveries: deliverer.deliveries,
    close: () => {
      server.close();
      deliverer.close();
    },
  };
}
