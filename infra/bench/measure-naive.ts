import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalSystem } from '../local-system/local-system.ts';
import { localFolder } from '../setup/local-folder.ts';
import { CliError } from '../terminal/run-cli.ts';

/** The seconds and the peak memory that the naive pipeline takes for the same file. */
export async function measureNaive({ mariaDb, redis }: LocalSystem): Promise<{ seconds: number; peakRssMiB: number }> {
  const folder = await mkdtemp(join(localFolder, 'naive-'));
  const { user, password } = mariaDb.root;
  const url = `mysql://${user}:${password}@${mariaDb.host}:${mariaDb.port}/`;
  const script = join(import.meta.dirname, 'naive-pipeline.ts');
  const began = performance.now();
  try {
    const args = [
      '--max-old-space-size=12288',
      '--disable-warning=ExperimentalWarning',
      script,
      url,
      redis.url,
      join(folder, 'naive.csv'),
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new CliError(`the naive pipeline ended with ${code}`);
    return { seconds: (performance.now() - began) / 1000, peakRssMiB: Number(Buffer.concat(said).toString()) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
