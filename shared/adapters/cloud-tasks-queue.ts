import type { CloudTasksClient } from '@google-cloud/tasks';
import { SpanKind } from '@opentelemetry/api';
import type { TaskQueue } from '../ports/messages.ts';
import { injectTraceContext, TRACE_HEADER } from '../tracing/export-trace.ts';
import { traced } from '../tracing/spans.ts';

/** The gRPC status for a task name that is, or was recently, in use. */
const ALREADY_EXISTS = 6;

/** The longest that a task may run before it counts as failed and is delivered again; Cloud Tasks allows no more. */
const DISPATCH_DEADLINE_SECONDS = 30 * 60;

export interface QueueTarget {
  /** projects/…/locations/…/queues/… */
  queue: string;
  /** The URL of the function that receives the tasks. */
  url: string;
  /** The service account whose OIDC token is sent with each task. */
  serviceAccountEmail: string;
}

export function cloudTasksQueue<Task>(
  client: CloudTasksClient,
  { queue, url, serviceAccountEmail }: QueueTarget,
): TaskQueue<Task> {
  const destination = queue.slice(queue.lastIndexOf('/') + 1);
  const create = async (name: string, task: Task, at: Date | undefined) => {
    const { traceparent } = injectTraceContext();
    try {
      await client.createTask({
        parent: queue,
        task: {
          name: `${queue}/tasks/${name}`,
          ...(at
            ? { scheduleTime: { seconds: Math.floor(at.getTime() / 1000), nanos: (at.getTime() % 1000) * 1e6 } }
            : {}),
          dispatchDeadline: { seconds: DISPATCH_DEADLINE_SECONDS },
          httpRequest: {
            httpMethod: 'POST',
            url,
            headers: {
              'content-type': 'application/json',
              ...(traceparent === undefined ? {} : { [TRACE_HEADER]: traceparent }),
            },
            body: Buffer.from(JSON.stringify(task)),
            oidcToken: { serviceAccountEmail, audience: url },
          },
        },
      });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === ALREADY_EXISTS)) throw error;
    }
  };
  const attributes = {
    'messaging.system': 'gcp_cloud_tasks',
    'messaging.operation.type': 'send',
    'messaging.destination.name': destination,
  };
  return {
    enqueue: (name, task, at) =>
      traced(`send ${destination}`, attributes, () => create(name, task, at), SpanKind.PRODUCER),
  };
}
