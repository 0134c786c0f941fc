import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Issuer, startIssuer } from './issuer.ts';
import { type PubSubServer, startPubSub } from './pubsub/pubsub.ts';
import { type StorageServer, startStorage } from './storage/storage.ts';
import { startTasks, type TasksServer } from './tasks/tasks.ts';
import { startTraceCollector, type TraceCollector } from './trace-collector.ts';

/**
 * Google Cloud on this machine: small servers in this process that speak the real wire protocols on free ports of
 * 127.0.0.1. The docstring of each server's type states what it supports.
 */
export interface LocalCloud {
  readonly issuer: Issuer;
  readonly pubsub: PubSubServer;
  readonly tasks: TasksServer;
  readonly storage: StorageServer;
  readonly traces: TraceCollector;
  /**
   * The environment variables by which the functions, and the official clients of another process, use these servers.
   * The tasks client has none of its own: this project's is CLOUD_TASKS_EMULATOR_HOST, `host:port`.
   */
  readonly env: Record<string, string>;
  /** Closes every server, connection and timer. */
  close(): Promise<void>;
}

const PROJECT_ID = 'local';

/**
 * Starts the servers. Objects and the service account's key file are under `dataDir`; an earlier run's are removed.
 * `clockSpeed` is the speed of Cloud Tasks' clock, 1 by default.
 */
export async function startLocalCloud({
  dataDir,
  clockSpeed = 1,
}: {
  dataDir: string;
  clockSpeed?: number;
}): Promise<LocalCloud> {
  await mkdir(dataDir, { recursive: true });
  const issuer = await startIssuer({ projectId: PROJECT_ID });
  const { serviceAccountKey, publicKey } = issuer;
  const keyFile = resolve(dataDir, 'service-account.json');
  await writeFile(keyFile, JSON.stringify(serviceAccountKey, null, 2), { mode: 0o600 });
  const signer = { clientEmail: serviceAccountKey.client_email, publicKey };
  const [pubsub, tasks, storage, traces] = await Promise.all([
    startPubSub({ issuer }),
    startTasks({ issuer, clockSpeed }),
    startStorage({ folder: join(dataDir, 'storage'), signer }),
    startTraceCollector(),
  ]);
  return {
    issuer,
    pubsub,
    tasks,
    storage,
    traces,
    env: {
      GOOGLE_CLOUD_PROJECT: PROJECT_ID,
      GOOGLE_APPLICATION_CREDENTIALS: keyFile,
      PUBSUB_EMULATOR_HOST: `127.0.0.1:${pubsub.port}`,
      CLOUD_TASKS_EMULATOR_HOST: `127.0.0.1:${tasks.port}`,
      STORAGE_EMULATOR_HOST: storage.url,
    },
    close: async () => {
      pubsub.close();
      tasks.close();
      await Promise.all([storage.close(), issuer.close(), traces.close()]);
    },
  };
}
