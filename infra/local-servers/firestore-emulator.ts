import { existsSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Settings } from '@google-cloud/firestore';
import { findProgram } from '../setup/find-program.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

/** What runs Google's Firestore emulator: a Java and the jar of the Google Cloud SDK. */
export interface FirestoreEmulator {
  readonly java: string;
  readonly jar: string;
}

/** The emulator in gcloud's SDK or a usual folder; undefined where it or Java is not installed. */
export function findFirestoreEmulator(): FirestoreEmulator | undefined {
  const java = findProgram('java');
  const gcloud = findProgram('gcloud');
  const sdks = [
    ...(gcloud ? [dirname(dirname(realpathSync(gcloud)))] : []),
    '/usr/lib/google-cloud-sdk',
    '/opt/google-cloud-sdk',
    join(homedir(), 'google-cloud-sdk'),
  ];
  const jar = sdks
    .map((sdk) => join(sdk, 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar'))
    .find((path) => existsSync(path));
  return java && jar ? { java, jar } : undefined;
}

export interface LocalFirestore extends LocalServer {
  /** For `new Firestore(settings)`. Were the universe not stated, the client would look for credentials to tell it. */
  readonly settings: Settings;
}

/**
 * Starts the emulator, which keeps nothing on disk. Unlike production it needs no composite index, keeps documents past
 * their TTL and takes commits of any size.
 */
export async function startFirestoreEmulator(
  { java, jar }: FirestoreEmulator,
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
