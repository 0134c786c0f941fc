import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';

/** The commands that the README has for deploying to Google Cloud, as one script. */
export const readmeScript = async (): Promise<string> => wayIn(await readFile(join(projectRoot, 'README.md'), 'utf8'));

/** The same of a README's text. */
export function wayIn(readme: string): string {
  const [, section] = /^## Deploy to Google Cloud\n(.*?)^## /ms.exec(readme) ?? [];
  if (!section) throw new Error('the README has no section on Google Cloud');
  return scriptOf(section);
}

/** The commands of a page of the documentation. */
export const scriptIn = async (path: string): Promise<string> =>
  scriptOf(await readFile(join(projectRoot, path), 'utf8'));

/** The same of its text. In a list, they are indented. */
export const scriptOf = (page: string): string =>
  [...page.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, lines = '']) => lines).join('');
