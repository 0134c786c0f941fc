import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localFolder, projectRoot } from '../setup/local-folder.ts';
import { SetupError } from '../setup/setup-error.ts';

const run = promisify(execFile);

/** The sources from which the page is built: nothing else runs in it. */
export const PAGE_SOURCES = [
  'functions/download-center/page',
  'shared/api-client',
  'shared/domain/locale.ts',
  'package-lock.json',
];

const pageFolder = join(projectRoot, 'functions/download-center/page');

/** The built page: index.html, docs.html, and their assets. */
export const builtPage = join(projectRoot, 'functions/download-center/dist');

/** The file in a built page that holds its sources' hash. */
const STAMP = '.made-from';

/** Builds the page into `target`, unless it was built there from the current sources. Concurrent calls are safe. */
export async function ensurePage(target = builtPage): Promise<void> {
  const wanted = await sourcesHash();
  if ((await readStamp(target)) !== wanted) await buildPage(target, wanted);
}

/** Builds into a temporary folder, which then replaces the existing page as a whole. */
async function buildPage(target: string, hash: string): Promise<void> {
  await mkdir(localFolder, { recursive: true });
  const folder = await mkdtemp(join(localFolder, 'page-'));
  try {
    const vite = join(projectRoot, 'node_modules/vite/bin/vite.js');
    const config = join(pageFolder, 'vite.config.ts');
    const args = [vite, 'build', '--config', config, '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
    const env = { ...process.env, NODE_ENV: 'production' };
    await run(process.execPath, args, { cwd: projectRoot, env }).catch((error) => {
      throw new SetupError(`The page could not be built:\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
    });
    await writeFile(join(folder, STAMP), hash);
    await replacePage(folder, target, hash);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Moves the new page into place, unless another process has meanwhile put one from the same sources there. */
async function replacePage(folder: string, target: string, hash: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await rename(folder, target).catch(async (error) => {
    if ((await readStamp(target)) !== hash) throw error;
  });
}

async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(join(folder, STAMP), 'utf8').catch(() => undefined);
}

/** Hashes the name and content of every source but tests. */
async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of PAGE_SOURCES) {
    for (const file of await filesOf(join(projectRoot, source))) {
      if (!file.endsWith('.test.ts')) hash.update(`${file}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
