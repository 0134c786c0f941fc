import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';

/** A page of the documentation. Its path is relative to the project. */
export interface Page {
  path: string;
  text: string;
}

/** The folders that are installed or generated, not written by the project. */
const FOREIGN = ['.git', '.local', '.terraform', 'dist', 'node_modules'].map((folder) => `**/${folder}/**`);

export async function readPages(): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const path of glob('**/*.md', { cwd: projectRoot, exclude: FOREIGN })) pages.push(await readPage(path));
  return pages;
}

export const readPage = async (path: string): Promise<Page> => ({
  path,
  text: await readFile(join(projectRoot, path), 'utf8'),
});

/** Removes code blocks, which contain comments that look like headings and examples that look like links. */
const proseOf = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '');

/** Returns the targets of the page's links, as they are written. */
export const linksIn = ({ text }: Page): string[] =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

/** Returns the anchors of a page's headings as GitHub generates them: a repeated anchor gets a number. */
export function anchorsOf({ text }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(text).matchAll(/^#+ (.+)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let copy = 1; anchors.has(unique); copy++) unique = `${anchor}-${copy}`;
    anchors.add(unique);
  }
  return anchors;
}
