import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, programFolders } from './find-program.ts';

/** The programs of the local servers, by the names they are installed under. */
export const SERVER_PROGRAMS = ['mariadbd', 'mariadb-install-db', 'mariadb', 'redis-server'] as const;

export type ServerProgram = (typeof SERVER_PROGRAMS)[number];

/** Those, and the browser that the page is tested in. */
const PROGRAMS = [...SERVER_PROGRAMS, 'chromium'] as const;

export type Program = (typeof PROGRAMS)[number];

/** Path of each program. */
export type ServerPrograms = Record<ServerProgram, string>;

/** Names of one program: Ubuntu and Google have their own for the browser. */
const OTHER_NAMES: Partial<Record<Program, readonly string[]>> = {
  chromium: ['chromium-browser', 'google-chrome', 'google-chrome-stable'],
};

/** The programs that are there; `linkFolder` is where `linkRedis` may put its link. */
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
 * Redis is one program that acts by the name it is called: redis-check-rdb is the server too. Debian's redis-tools has it
 * under that name; redis-server adds a link to it, and a service that starts at once and at every boot. So redis-tools
 * is what this project installs, and the link is its own: no service comes that would have to be kept from starting.
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
