import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localFolder } from '../setup/local-folder.ts';
import type { ServerPrograms } from '../setup/server-programs.ts';

const run = promisify(execFile);

/** A data folder must be opened with the value with which it was created. Small, since it is copied for every run. */
const systemTablespace = '--innodb-data-file-path=ibdata1:4M:autoextend';

/** Options for every start of mariadbd on such a folder: no configuration file, the tablespace's layout, the user. */
export const dataFolderOptions = [
  '--no-defaults',
  systemTablespace,
  // mariadbd refuses to run as root unless told to.
  ...(process.getuid?.() === 0 ? ['--user=root'] : []),
] as const;

/**
 * Creates `dataDir`, an empty data folder as mariadb-install-db creates it. It is copied from a template under
 * `.local/mariadb-template/`, one per version of the server, which the first caller creates.
 */
export async function createDataFolder(
  programs: ServerPrograms,
  dataDir: string,
  templates = join(localFolder, 'mariadb-template'),
): Promise<void> {
  const { stdout: version } = await run(programs.mariadbd, ['--no-defaults', '--version']);
  const template = join(templates, version.match(/\d+\.\d+\.\d+/)?.[0] ?? 'unknown');
  const isThere = await access(template).then(
    () => true,
    () => false,
  );
  if (!isThere) await createTemplate(programs, template);
  await cp(template, dataDir, { recursive: true });
}

/**
 * Installs into a temporary folder, since mariadb-install-db fails on blanks in a path, as a checkout's may have. The
 * result is copied next to the template and renamed, so that a template is either complete or absent even if several
 * processes create it.
 */
async function createTemplate(programs: ServerPrograms, template: string): Promise<void> {
  const aside = await mkdtemp(join(tmpdir(), 'mariadb-'));
  const [dataDir, tmpDir] = [join(aside, 'data'), join(aside, 'tmp')];
  const whole = `${template}.${randomUUID()}`;
  try {
    await mkdir(tmpDir);
    await run(programs['mariadb-install-db'], [
      ...dataFolderOptions,
      `--datadir=${dataDir}`,
      // A starting server removes every #sql* file in its tmpdir, so in /tmp two installations would break each other.
      `--tmpdir=${tmpDir}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
      '--innodb-log-file-size=4M',
      '--innodb-autoextend-increment=1',
    ]);
    await cp(dataDir, whole, { recursive: true });
    await rename(whole, template).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY') throw error;
      // Another process has created it.
      await rm(whole, { recursive: true });
    });
  } finally {
    await rm(aside, { recursive: true });
  }
}
