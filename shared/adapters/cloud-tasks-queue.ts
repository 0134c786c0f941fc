import { SpanKind } from '@opentelemetry/api';
import type { TaskQueue } from '../ports/messages.ts';
import { injectTraceContext, TRACE_HEADER } from '../tracing/export-trace.ts';
import { traced } from '../tracing/spans.ts';
import type { GoogleApi } from './google-api.ts';

/** The error code for a task name that is, or was recently, in use. */
const ALREADY_EXISTS = 'ALREADY_EXISTS';

/** The longest that a task may run before it counts as failed and is delivered again; Cloud Tasks allows no more. */
const DISPATCH_DEADLINE = '1800s';

export interface QueueTarget {
  /** projects/…/locations/…/queues/… */
  queue: string;
  /** The URL of the function that receives the tasks. */
  url: string;
  /** The service account whose OIDC token is sent with each task. */
  serviceAccountEmail: string;
}

/** https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks/create */
export function cloudTasksQueue<Task>(
  api: GoogleApi,
  { queue, url, serviceAccountEmail }: QueueTarget,
): TaskQueue<Task> {
  const destination = queue.slice(queue.lastIndexOf('/') + 1);
  const create = async (name: string, task: Task, at: Date | undefined) => {
    const { traceparent } = injectTraceContext();
    const created = {
      name: `${queue}/tasks/${name}`,
      scheduleTime: at?.toISOString(),
      dispatchDeadline: DISPATCH_DEADLINE,
      httpRequest: {
        httpMethod: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          ...(traceparent === undefined ? {} : { [TRACE_HEADER]: traceparent }),
        },
        body: Buffer.from(JSON.stringify(task)).toString('base64'),
        oidcToken: { serviceAccountEmail, audience: url },
      },
    };
    try {
      await api(`v2/${queue}/tasks`, { task: created });
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
