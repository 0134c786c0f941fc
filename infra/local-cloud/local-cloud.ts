import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Issuer, startIssuer } from './issuer.ts';
import { type PubSubServer, startPubSub } from './pubsub/pubsub.ts';
import { type StorageServer, startStorage } from './storage/storage.ts';
import { startTasks, type TasksServer } from './tasks/tasks.ts';
import { startTraceCollector, type TraceCollector } from './trace-collector.ts';

/**
 * Google Cloud on this machine: small servers that speak the real wire protocols, in this process, on free ports of
 * 127.0.0.1. What each does and does not is said beside its type.
 */
export interface LocalCloud {
  readonly issuer: Issuer;
  readonly pubsub: PubSubServer;
  readonly tasks: TasksServer;
  readonly storage: StorageServer;
  readonly traces: TraceCollector;
  /**
   * The environment in which the official clients of another process talk to these servers. The tasks client has no
   * such variable of its own: the project's is CLOUD_TASKS_EMULATOR_HOST, `host:port`, for insecure gRPC.
   */
  readonly env: Record<string, string>;
  /** Ends every server, connection and timer. */
  close(): Promise<void>;
}

const PROJECT_ID = 'local';

/**
 * Keeps objects and the service account's key file under `dataDir`; what was there of an earlier run is removed.
 * `clockSpeed` is the speed of Cloud Tasks' clock, 1 unless told.
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
