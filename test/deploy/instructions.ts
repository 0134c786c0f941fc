import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';

/** Returns the README's commands for deploying to Google Cloud, as one script. */
export const readmeScript = async (): Promise<string> => wayIn(await readFile(join(projectRoot, 'README.md'), 'utf8'));

/** Returns the same for the text of a README. */
export function wayIn(readme: string): string {
  const [, section] = /^## Deploy to Google Cloud\n(.*?)^## /ms.exec(readme) ?? [];
  if (!section) throw new Error('the README has no section on Google Cloud');
  return scriptOf(section);
}

/** Returns the commands of a documentation page, as one script. */
export const scriptIn = async (path: string): Promise<string> =>
  scriptOf(await readFile(join(projectRoot, path), 'utf8'));

/** Returns the same for the text of a page. In a list, the commands are indented. */
export const scriptOf = (page: string): string =>
  [...page.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, lines = '']) => lines).join('');
