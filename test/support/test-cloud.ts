import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startLocalCloud } from '../../infra/local-cloud/local-cloud.ts';

/** Starts a local cloud in its own folder and, until it is closed, points this process's clients at it. */
export async function startTestCloud(options: { clockSpeed?: number } = {}): Promise<LocalCloud> {
  const dataDir = await mkdtemp(join(tmpdir(), 'local-cloud-'));
  const cloud = await startLocalCloud({ dataDir, ...options });
  Object.assign(process.env, cloud.env);
  return {
    ...cloud,
    close: async () => {
      await cloud.close();
      for (const name of Object.keys(cloud.env)) delete process.env[name];
      await rm(dataDir, { recursive: true });
    },
  };
}
