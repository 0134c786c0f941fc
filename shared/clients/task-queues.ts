import type { CloudTasksClient } from '@google-cloud/tasks';
import { cloudTasksQueue } from '../adapters/cloud-tasks-queue.ts';
import type { AggregateQueue, TaskQueue, WebhookQueue } from '../ports/messages.ts';
import { once } from './once.ts';
import type { EmulatorConfig } from './tasks-client.ts';

interface TasksConfig extends EmulatorConfig {
  TASK_SERVICE_ACCOUNT: string;
}

export function openAggregateQueue(
  config: TasksConfig & { AGGREGATE_QUEUE: string; AGGREGATE_URL: string },
): AggregateQueue {
  return openQueue(config, config.AGGREGATE_QUEUE, config.AGGREGATE_URL);
}

/**
 * Opens the queue of webhook deliveries. The function that requests a delivery also performs it: its tasks are sent
 * back to it.
 */
export function openWebhookQueue(
  config: TasksConfig & { WEBHOOK_QUEUE: string; INTERNAL_AUDIENCE: string },
): WebhookQueue {
  return openQueue(config, config.WEBHOOK_QUEUE, config.INTERNAL_AUDIENCE);
}

function openQueue<Task>(config: TasksConfig, queue: string, url: string): TaskQueue<Task> {
  const target = { queue, url, serviceAccountEmail: config.TASK_SERVICE_ACCOUNT };
  const opened = once(async () => cloudTasksQueue<Task>(await openTasksClient(config), target));
  return { enqueue: async (...task) => (await opened()).enqueue(...task) };
}

/**
 * Creates the client. The library is loaded with the first task, because it accounts for a large part of a cold start
 * and of the heap.
 */
async function openTasksClient(config: TasksConfig): Promise<CloudTasksClient> {
  const { createTasksClient } = await import('./tasks-client.ts');
  return createTasksClient(config);
}
