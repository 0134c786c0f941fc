import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { localFolder } from '../setup/local-folder.ts';

/** A private folder for the files of one run of a command. */
export interface RunFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Creates `.local/run/<command>-<pid>-<random>`, readable by this user only, and removes what ended processes left
 * there.
 */
export async function runFolder(command: string, parent = join(localFolder, 'run')): Promise<RunFolder> {
  await mkdir(parent, { recursive: true });
  const leftovers = (await readdir(parent)).filter((name) => !isRunning(Number(name.match(/-(\d+)-[^-]+$/)?.[1])));
  await Promise.all(leftovers.map((name) => rm(join(parent, name), { recursive: true, force: true })));
  const path = await mkdtemp(join(parent, `${command}-${process.pid}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
