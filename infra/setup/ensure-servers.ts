import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { localFolder } from './local-folder.ts';
import { apt, findPackageManager, installCommand, type PackageManager, packagesOf } from './package-managers.ts';
import { findPrograms, type Program, SERVER_PROGRAMS, type ServerPrograms } from './server-programs.ts';
import { SetupError } from './setup-error.ts';

const run = promisify(execFile);

/**
 * Resolves to the paths of MariaDB and Redis. As root on Debian or Ubuntu it installs what is missing, with a message
 * on stderr; otherwise it throws a SetupError with the command to type.
 */
export async function ensureServers(): Promise<ServerPrograms> {
  await ensure(SERVER_PROGRAMS);
  return find() as ServerPrograms;
}

/** The path of Chromium, likewise. */
export async function ensureBrowser(): Promise<string> {
  await ensure(['chromium']);
  return find().chromium as string;
}

async function ensure(programs: readonly Program[]): Promise<void> {
  const missing = missingOf(programs);
  if (missing.length > 0) {
    const manager = findPackageManager();
    if (manager !== apt || process.getuid?.() !== 0) throw new SetupError(installInstructions(missing, manager));
    await installWithApt(missing);
  }
}

/** The message about missing programs. */
export function installInstructions(missing: readonly Program[], manager: PackageManager | undefined): string {
  const lack = `Not installed: ${missing.join(', ')}.`;
  if (!manager)
    return `${lack} Install MariaDB (10.6 or later), Redis (6 or later), Chromium for the tests, and put them on the PATH.`;
  return `${lack} Install with:\n\n  ${installCommand(manager, missing)}\n`;
}

const find = () => findPrograms(join(localFolder, 'bin'));

function missingOf(programs: readonly Program[]): Program[] {
  const found = find();
  return programs.filter((name) => !found[name]);
}

async function installWithApt(missing: readonly Program[]): Promise<void> {
  process.stderr.write(`Installing ${missing.join(', ')} with apt-get ...\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    // apt-get waits for another process's install but not for its update, so flock serialises the updates. A failed
    // update (because of an unrelated broken list) is ignored: if it matters, the installation fails.
    await run('flock', ['/var/lib/dpkg', 'apt-get', 'update'], { env }).catch(() => undefined);
    const [program, ...args] = apt.install;
    await run(program, ['-o', 'DPkg::Lock::Timeout=300', ...args, ...packagesOf(apt, missing)], { env });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new SetupError(`${stdout ?? ''}${stderr ?? ''}\n${installInstructions(missing, apt)}`, { cause: error });
  }
  const still = missingOf(missing);
  if (still.length > 0) throw new SetupError(installInstructions(still, apt));
}
