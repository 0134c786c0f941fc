import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { cloudTasksQueue } from '../adapters/cloud-tasks-queue.ts';
import type { AggregateQueue, WebhookQueue } from '../ports/messages.ts';

interface TasksConfig {
  INVOKER_SERVICE_ACCOUNT: string;
  CLOUD_TASKS_EMULATOR_HOST?: string | undefined;
}

export function openAggregateQueue(
  config: TasksConfig & { AGGREGATE_QUEUE: string; AGGREGATE_URL: string },
): AggregateQueue {
  return cloudTasksQueue(openTasksClient(config), {
    queue: config.AGGREGATE_QUEUE,
    url: config.AGGREGATE_URL,
    serviceAccountEmail: config.INVOKER_SERVICE_ACCOUNT,
  });
}

/** The function that asks for a delivery makes it, too: its tasks come back to it. */
export function openWebhookQueue(
  config: TasksConfig & { WEBHOOK_QUEUE: string; INTERNAL_AUDIENCE: string },
): WebhookQueue {
  return cloudTasksQueue(openTasksClient(config), {
    queue: config.WEBHOOK_QUEUE,
    url: config.INTERNAL_AUDIENCE,
    serviceAccountEmail: config.INVOKER_SERVICE_ACCOUNT,
  });
}

/** The Tasks client knows no emulator variable of its own; CLOUD_TASKS_EMULATOR_HOST is this project's. */
function openTasksClient({ CLOUD_TASKS_EMULATOR_HOST }: TasksConfig): CloudTasksClient {
  const [apiEndpoint, port] = CLOUD_TASKS_EMULATOR_HOST?.split(':') ?? [];
  return new CloudTasksClient(
    apiEndpoint && port ? { apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() } : {},
  );
}
