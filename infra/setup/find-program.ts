import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Folders in which packages install servers and which an ordinary user's PATH lacks (/usr/libexec: Fedora's mariadbd).
 */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/libexec'];

export const programFolders = (): string[] => [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];

/** The path of an executable, or undefined if none of the folders contains it. */
export function findProgram(name: string, folders = programFolders()): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
