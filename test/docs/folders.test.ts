import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { readPage } from './markdown.ts';

/** Finds the folders that the table of CONTRIBUTING does not list. */
const untold = (page: string): string[] =>
  ['functions', 'shared', 'infra']
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { withFileTypes: true }).map((found) => ({ folder, found })),
    )
    .filter(({ found }) => found.isDirectory())
    .map(({ folder, found }) => `${folder}/${found.name}`)
    .filter((path) => !page.includes(`\`${path}\``));

it('CONTRIBUTING says of each folder what it contains', async () => {
  const { text } = await readPage('CONTRIBUTING.md');
  expect(untold(text)).toEqual([]);
  expect(untold(text.replace('`shared/runtime`', ''))).toEqual(['shared/runtime']);
});
