import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { unchangedSince } from '../../infra/deploy/commands.ts';
import type { Service } from '../../infra/deploy/services.ts';

const SWEEP: Service = { name: 'sweep', target: 'sweep', folder: 'sweep' };

let folder: string;
let deployed: string;

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

function commit(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), 'changed');
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '--message', path);
}

/** Returns the exit code of git, called to check whether the function is unchanged since the commit. */
function asked(since: string): number | null {
  const [program = '', ...args] = unchangedSince(since, SWEEP);
  return spawnSync(program, args, { cwd: folder }).status;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  git('init', '--quiet');
  commit('functions/sweep/index.ts');
  deployed = git('rev-parse', '--short=12', 'HEAD').trim();
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['functions/sweep/sweep.ts', 1],
  ['functions/notify/notify.ts', 0],
  ['functions/index.ts', 1],
  ['functions/manifest.ts', 1],
  ['functions/bundle.ts', 1],
  ['shared/tables/withdraw.ts', 1],
  ['package.json', 1],
  ['package-lock.json', 1],
  ['shared/http/problem.test.ts', 0],
  ['functions/sweep/sweep.test.ts', 0],
  ['test/api/rights.test.ts', 0],
  ['terraform/environments/production/main.tf', 0],
  ['README.md', 0],
])('after a change of %s git says %i about the function sweep', (path, code) => {
  git('reset', '--quiet', '--hard', deployed);
  commit(path);
  expect(asked(deployed)).toBe(code);
});

it.each(['', 'abcdef123456'])('a commit that is not known here, %j, does not pass for unchanged', (since) => {
  expect(asked(since)).toBe(128);
});
