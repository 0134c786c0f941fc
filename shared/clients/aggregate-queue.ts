import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { cloudTasksQueue } from '../adapters/cloud-tasks-queue.ts';
import type { AggregateQueue } from '../ports/messages.ts';

/** The Tasks client knows no emulator variable of its own; CLOUD_TASKS_EMULATOR_HOST is this project's. */
export function openAggregateQueue(config: {
  AGGREGATE_QUEUE: string;
  AGGREGATE_URL: string;
  INVOKER_SERVICE_ACCOUNT: string;
  CLOUD_TASKS_EMULATOR_HOST?: string | undefined;
}): AggregateQueue {
  const [apiEndpoint, port] = config.CLOUD_TASKS_EMULATOR_HOST?.split(':') ?? [];
  const client = new CloudTasksClient(
    apiEndpoint && port ? { apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() } : {},
  );
  return cloudTasksQueue(client, {
    queue: config.AGGREGATE_QUEUE,
    url: config.AGGREGATE_URL,
    serviceAccountEmail: config.INVOKER_SERVICE_ACCOUNT,
  });
}
