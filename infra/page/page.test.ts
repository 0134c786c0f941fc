import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { localFolder } from '../setup/local-folder.ts';
import { builtPage, ensurePage } from './ensure-page.ts';
import { firstLoadBytes } from './first-load.ts';

const LIMIT_KIB = 400;

beforeAll(ensurePage, 120_000);

it(`the first load is within ${LIMIT_KIB} KiB, gzipped`, async () => {
  const kib = (await firstLoadBytes(builtPage)) / 1024;
  // React alone has 50 KiB: less would mean that assets are not counted.
  expect(kib).toBeGreaterThan(100);
  expect(kib).toBeLessThan(LIMIT_KIB);
});

it.each(['index.html', 'docs.html'])(
  '%s has no inline script or style, and refers only to assets with hashes',
  async (name) => {
    const html = await readFile(join(builtPage, name), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(1);
    for (const path of named) expect(path).toMatch(/^\/assets\/[\w-]+-[\w-]{8}\.\w+$/);
  },
);

it('is rebuilt only if its sources have changed', async () => {
  // In a separate folder, since other tests may be serving the built page.
  const folder = await mkdtemp(join(localFolder, 'page-test-'));
  const target = join(folder, 'dist');
  const index = join(target, 'index.html');
  const long = new Date('2020-01-01');
  try {
    await ensurePage(target);
    await utimes(index, long, long);
    await ensurePage(target);
    expect((await stat(index)).mtime).toEqual(long);

    await writeFile(join(target, '.made-from'), 'other sources');
    await Promise.all([ensurePage(target), ensurePage(target)]);
    expect((await stat(index)).mtime).not.toEqual(long);
    expect(await readdir(target)).toEqual(expect.arrayContaining(['assets', 'docs.html', 'index.html']));
    expect(await readdir(folder)).toEqual(['dist']);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 120_000);
