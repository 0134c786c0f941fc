import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type DeclarationFolder = 'reports' | 'tables';

/** A declaration's file; its test beside it is none. */
const DECLARATION = /^[a-z0-9-]+\.ts$/;

/** Every module in shared/reports or shared/tables. The build puts another module in this one's place, which imports what was there to be found: see functions/bundle.ts. */
export async function declarationsIn(folder: DeclarationFolder): Promise<object[]> {
  return Promise.all((await declarationFiles(folder)).map((file) => import(pathToFileURL(file).href)));
}

export async function declarationFiles(folder: DeclarationFolder): Promise<string[]> {
  const path = join(import.meta.dirname, '..', folder);
  return (await readdir(path))
    .filter((file) => DECLARATION.test(file))
    .sort()
    .map((file) => join(path, file));
}
