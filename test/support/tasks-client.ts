import { CloudTasksClient, type protos } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import type { LocalCloud } from '../../infra/local-cloud/local-cloud.ts';

export type TaskFields = protos.google.cloud.tasks.v2.ITask;
export type QueueFields = protos.google.cloud.tasks.v2.IQueue;

export const PARENT = 'projects/local/locations/asia-east1';
export const NOT_FOUND = 5;

/** Creates the official client of `cloud`, with helpers for tests. */
export function createTasksClient(cloud: LocalCloud) {
  const { hostname, port } = new URL(`http://${cloud.env.CLOUD_TASKS_EMULATOR_HOST}`);
  const tasks = new CloudTasksClient({
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  });
  let names = 0;
  return {
    tasks,
    /** Creates a queue, and resolves to its name. */
    newQueue: async (fields: QueueFields = {}): Promise<string> => {
      const name = `${PARENT}/queues/q-${++names}`;
      await tasks.createQueue({ parent: PARENT, queue: { name, ...fields } });
      return name;
    },
    /** Creates a task, and resolves to its name. */
    create: async (queue: string, url: string, fields: TaskFields = {}): Promise<string> => {
      const [task] = await tasks.createTask({ parent: queue, task: { httpRequest: { url }, ...fields } });
      return task.name as string;
    },
    isGone: (name: string) =>
      tasks.getTask({ name }).then(
        () => false,
        (error) => error.code === NOT_FOUND,
      ),
    /** Returns the deliveries of the task. */
    logOf: (name: string) => {
      const own = cloud.tasks.deliveries.filter(({ item }) => item.name === name);
      return own.map(({ attempt, copy, outcome }) => ({ attempt, copy, outcome }));
    },
  };
}

/** Returns the Timestamp `seconds` from now. */
export function inSeconds(seconds: number) {
  const at = Date.now() / 1000 + seconds;
  return { seconds: Math.floor(at), nanos: Math.floor((at % 1) * 1e9) };
}
