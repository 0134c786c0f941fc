import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '@google-cloud/firestore';
import { type LocalServer, startLocalServer } from '../../../infra/local-servers/local-server.ts';
import { type Emulator, findEmulator } from './emulator.ts';

export const findFirestoreEmulator = (): Emulator | undefined =>
  findEmulator('cloud-firestore-emulator', /^cloud-firestore-emulator\.jar$/);

export interface LocalFirestore extends LocalServer {
  /** For `new Firestore(settings)`. Without `universeDomain`, the client would look for credentials to determine it. */
  readonly settings: Settings;
}

/**
 * Starts the emulator, which persists nothing. Unlike production, it requires no composite indexes, keeps documents
 * past their TTL, and accepts commits of any size.
 */
export async function startFirestoreEmulator(
  { java, jar }: Emulator,
  { dir }: { dir: string },
): Promise<LocalFirestore> {
  await mkdir(dir, { recursive: true });
  const main = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';
  const server = await startLocalServer({
    dir,
    command: (port) => ({
      command: java,
      args: ['-cp', jar, main, '--host', '127.0.0.1', '--port', `${port}`],
      logFile: join(dir, 'firestore-emulator.log'),
    }),
    async probe(port) {
      const documents = `http://127.0.0.1:${port}/v1/projects/probe/databases/(default)/documents/probe`;
      const answer = await fetch(documents, { signal: AbortSignal.timeout(2000) });
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    },
  });
  const settings = {
    projectId: 'local',
    host: `${server.host}:${server.port}`,
    ssl: false,
    universeDomain: 'googleapis.com',
  };
  return Object.assign(server, { settings });
}
