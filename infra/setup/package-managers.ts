import { spawnSync } from 'node:child_process';
import { findProgram } from './find-program.ts';
import type { Program } from './server-programs.ts';

/** A package manager: its commands to update its lists and to install, and the packages that contain the programs. */
export interface PackageManager {
  readonly update?: readonly string[];
  readonly install: readonly [program: string, ...args: string[]];
  readonly needsRoot: boolean;
  readonly packages: Readonly<Record<Program, string>>;
}

/**
 * The -core packages and redis-tools contain the programs only; the packages named after the servers add services that
 * start at once. Installing must not remove a package: MariaDB's packages conflict with MySQL's.
 */
export const apt: PackageManager = {
  update: ['apt-get', 'update'],
  install: ['apt-get', 'install', '-y', '--no-install-recommends', '--no-remove'],
  needsRoot: true,
  packages: {
    mariadbd: 'mariadb-server-core',
    'mariadb-install-db': 'mariadb-server-core',
    mariadb: 'mariadb-client-core',
    'redis-server': 'redis-tools',
    chromium: 'chromium',
  },
};

export const dnf: PackageManager = {
  install: ['dnf', 'install', '-y'],
  needsRoot: true,
  packages: {
    mariadbd: 'mariadb-server',
    'mariadb-install-db': 'mariadb-server',
    mariadb: 'mariadb',
    'redis-server': 'redis',
    chromium: 'chromium',
  },
};

export const brew: PackageManager = {
  install: ['brew', 'install'],
  needsRoot: false,
  packages: {
    mariadbd: 'mariadb',
    'mariadb-install-db': 'mariadb',
    mariadb: 'mariadb',
    'redis-server': 'redis',
    chromium: 'chromium',
  },
};

/** This machine's package manager, if it is one of those above. */
export const findPackageManager = (): PackageManager | undefined =>
  [apt, dnf, brew].find(({ install: [program] }) => findProgram(program));

/** The packages that contain `programs`, without duplicates, by their names in this machine's release. */
export function packagesOf(manager: PackageManager, programs: readonly Program[]): string[] {
  const names = [...new Set(programs.map((program) => manager.packages[program]))];
  return manager === apt ? names.map(nameInThisRelease) : names;
}

/**
 * Debian 11 and Ubuntu 22.04 append the series (mariadb-server-core-10.6). Falls back to `name` without apt's lists.
 */
function nameInThisRelease(name: string): string {
  const { stdout } = spawnSync('apt-cache', ['search', '--names-only', `^${name}(-[0-9.]+)?$`], { encoding: 'utf8' });
  const found: string[] = stdout?.match(/^\S+/gm) ?? [];
  return found.includes(name) ? name : (found.at(-1) ?? name);
}

/** The command by which a person installs `programs`. */
export function installCommand(manager: PackageManager, programs: readonly Program[]): string {
  const sudo = manager.needsRoot ? ['sudo'] : [];
  const install = [...sudo, ...manager.install, ...packagesOf(manager, programs)].join(' ');
  return manager.update ? `${[...sudo, ...manager.update].join(' ')} && ${install}` : install;
}
