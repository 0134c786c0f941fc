import { cloudTasksQueue } from '../adapters/cloud-tasks-queue.ts';
import type { AggregateQueue, TaskQueue, WebhookQueue } from '../ports/messages.ts';
import { openGoogleApi } from './google-apis.ts';

interface TasksConfig {
  TASK_SERVICE_ACCOUNT: string;
  CLOUD_TASKS_EMULATOR_HOST?: string | undefined;
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
  const api = openGoogleApi('cloudtasks', config.CLOUD_TASKS_EMULATOR_HOST);
  return cloudTasksQueue(api, { queue, url, serviceAccountEmail: config.TASK_SERVICE_ACCOUNT });
}
