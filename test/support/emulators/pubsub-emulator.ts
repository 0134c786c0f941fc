import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalServer, startLocalServer } from '../../../infra/local-servers/local-server.ts';
import { type Emulator, findEmulator } from './emulator.ts';

export const findPubSubEmulator = (): Emulator | undefined =>
  findEmulator('pubsub-emulator/lib', /^cloud-pubsub-emulator-.*-all\.jar$/);

/**
 * Starts the emulator, which persists nothing. Its differences from Pub/Sub are listed in
 * test/contract/pubsub-traits.ts.
 */
export async function startPubSubEmulator({ java, jar }: Emulator, { dir }: { dir: string }): Promise<LocalServer> {
  await mkdir(dir, { recursive: true });
  return startLocalServer({
    dir,
    command: (port) => ({
      command: java,
      args: ['-jar', jar, '--host=127.0.0.1', `--port=${port}`],
      logFile: join(dir, 'pubsub-emulator.log'),
    }),
    async probe(port) {
      const topics = `http://127.0.0.1:${port}/v1/projects/probe/topics`;
      const answer = await fetch(topics, { signal: AbortSignal.timeout(2000) });
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    },
  });
}
