import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, programFolders } from './find-program.ts';

/** The programs of the local servers, by the names they are installed under. */
export const SERVER_PROGRAMS = ['mariadbd', 'mariadb-install-db', 'mariadb', 'redis-server'] as const;

export type ServerProgram = (typeof SERVER_PROGRAMS)[number];

/** The servers' programs, and the browser in which the page is tested. */
const PROGRAMS = [...SERVER_PROGRAMS, 'chromium'] as const;

export type Program = (typeof PROGRAMS)[number];

/** The paths of the servers' programs. */
export type ServerPrograms = Record<ServerProgram, string>;

/** Alternative names of a program: Ubuntu and Google name the browser differently. */
const OTHER_NAMES: Partial<Record<Program, readonly string[]>> = {
  chromium: ['chromium-browser', 'google-chrome', 'google-chrome-stable'],
};

/** The installed programs. `linkFolder` receives the link that `linkRedis` may create. */
export function findPrograms(linkFolder: string, folders = programFolders()): Partial<Record<Program, string>> {
  const found: Partial<Record<Program, string>> = {};
  for (const name of PROGRAMS) {
    const [installed] = [name, ...(OTHER_NAMES[name] ?? [])].flatMap((one) => findProgram(one, folders) ?? []);
    const path = installed ?? (name === 'redis-server' ? linkRedis(linkFolder, folders) : undefined);
    if (path) found[name] = path;
  }
  return found;
}

/**
 * Redis is one program that acts by the name under which it is started: redis-check-rdb is also the server. Debian's
 * redis-tools contains it under that name; the package redis-server adds a link to it, and a service that starts at
 * once and at every boot. So this project installs redis-tools and creates the link itself, which leaves no service to
 * disable.
 */
function linkRedis(linkFolder: string, folders: string[]): string | undefined {
  const program = findProgram('redis-check-rdb', folders);
  if (!program) return undefined;
  const link = join(linkFolder, 'redis-server');
  const fresh = `${link}.${process.pid}`;
  mkdirSync(linkFolder, { recursive: true });
  symlinkSync(program, fresh);
  renameSync(fresh, link);
  return link;
}
