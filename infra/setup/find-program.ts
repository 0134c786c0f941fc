import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where packages put servers, which an ordinary user's PATH leaves out (/usr/libexec is Fedora's mariadbd). */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/libexec'];

export const programFolders = (): string[] => [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];

/** The path of an executable, or undefined where no folder holds it. */
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
