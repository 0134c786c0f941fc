import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { anchorsOf, linksIn, type Page, readPages } from './markdown.ts';

let pages: Map<string, Page>;
beforeAll(async () => {
  pages = new Map((await readPages()).map((page) => [page.path, page]));
});

/** Finds the page's links within the project that lead to no file, or to no heading of the file. */
function brokenLinks(page: Page): string[] {
  const within = linksIn(page).filter((target) => !/^[a-z]+:/.test(target));
  return within.filter((target) => {
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page.path : join(dirname(page.path), file);
    if (!existsSync(join(projectRoot, path))) return true;
    const there = path === page.path ? page : pages.get(path);
    return anchor !== undefined && !(there && anchorsOf(there).has(anchor));
  });
}

it('each link of each page leads to a file, and to a heading of it', () => {
  expect([...pages.keys()]).toEqual(
    expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'docs/runbook.md', 'terraform/README.md']),
  );
  const broken = [...pages.values()].flatMap((page) => brokenLinks(page).map((target) => `${page.path}: ${target}`));
  expect(broken).toEqual([]);
});

it('or it is noticed', () => {
  const faulty = '## A b\n## A b\n[a](missing.md) [b](../README.md#no-such-heading) [c](#c) [d](../LICENSE#mit)';
  const sound = '[e](#a-b-1) [f](../README.md#try-it) [g](../docs) [h](https://example.com/x#y)\n```\n[i](j)\n```';
  const text = `${faulty} ${sound}`;
  expect(brokenLinks({ path: 'docs/page.md', text })).toEqual([
    'missing.md',
    '../README.md#no-such-heading',
    '#c',
    '../LICENSE#mit',
  ]);
});
