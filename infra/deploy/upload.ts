import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../setup/local-folder.ts';
import { buildPage, listUpload } from './commands.ts';
import type { Shell } from './shell.ts';

interface Totals {
  files: number;
  bytes: number;
}

/** Prints what a deployment uploads: files and KiB per folder, and in total. */
export async function showUpload(shell: Shell): Promise<void> {
  await shell.run(buildPage);
  await shell.show(listUpload, async (output) => {
    const shares = new Map<string, Totals>();
    const all: Totals = { files: 0, bytes: 0 };
    for (const path of output.trimEnd().split('\n').sort()) {
      const { size } = await stat(join(projectRoot, path));
      const folder = path.split('/').slice(0, 2).join('/');
      const share = shares.get(folder) ?? { files: 0, bytes: 0 };
      shares.set(folder, share);
      for (const sum of [share, all]) {
        sum.files += 1;
        sum.bytes += size;
      }
    }
    return [...shares, ['in all', all] as const].map(([name, share]) => describe(name, share)).join('');
  });
}

const describe = (name: string, { files, bytes }: Totals): string =>
  `${String(files).padStart(4)} files  ${(bytes / 1024).toFixed(0).padStart(6)} KiB  ${name}\n`;
