import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runFolder } from './run-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(() => rm(parent, { recursive: true }));

it('a run folder is private, named after its command and process, and removable', async () => {
  const folder = await runFolder('demo', parent);
  expect(basename(folder.path)).toMatch(new RegExp(`^demo-${process.pid}-`));
  expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
  await folder.remove();
  expect(await readdir(parent)).toEqual([]);
});

it('the folders of ended processes are removed, those of running ones remain', async () => {
  const { pid: gone } = spawnSync('true');
  await mkdir(join(parent, `demo-${gone}-abc`, 'mariadb'), { recursive: true });
  const running = await runFolder('demo', parent);
  const second = await runFolder('small-bench', parent);
  expect((await readdir(parent)).sort()).toEqual([running.path, second.path].map((path) => basename(path)).sort());
});
