import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';

export interface EmulatorConfig {
  CLOUD_TASKS_EMULATOR_HOST?: string | undefined;
}

/**
 * Creates a client. The library has no emulator variable of its own; CLOUD_TASKS_EMULATOR_HOST is specific to this
 * project.
 */
export function createTasksClient({ CLOUD_TASKS_EMULATOR_HOST }: EmulatorConfig): CloudTasksClient {
  const [apiEndpoint, port] = CLOUD_TASKS_EMULATOR_HOST?.split(':') ?? [];
  return new CloudTasksClient(
    apiEndpoint && port ? { apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() } : {},
  );
}
