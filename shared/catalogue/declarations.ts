import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type DeclarationFolder = 'reports' | 'tables';

/** Matches a declaration's file, but not the test beside it. */
const DECLARATION = /^[a-z0-9-]+\.ts$/;

/**
 * Imports every module in shared/reports or shared/tables. The build replaces this module with one that imports the
 * files found at build time; see functions/bundle.ts.
 */
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
