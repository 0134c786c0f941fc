import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/**
 * A checkout of a project with one dependency, in its own folder `leaf`, whose `token` command is the script of the
 * test.
 */
let checkout: string;
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'checkout-'));
  await mkdir(join(checkout, 'infra/commands'), { recursive: true });
  await copyFile(fileURLToPath(new URL('run.mjs', import.meta.url)), join(checkout, 'infra/run.mjs'));
  const manifest = {
    name: 'fixture',
    version: '1.0.0',
    type: 'module',
    dependencies,
    scripts: { prepare: 'echo made >> prepared' },
  };
  await mkdir(join(checkout, 'leaf'));
  await writeFile(join(checkout, 'leaf/package.json'), JSON.stringify({ name: 'leaf', version: '1.0.0' }));
  await writeFile(join(checkout, 'package.json'), JSON.stringify(manifest));
  await writeLock('1.0.0');
});
afterEach(() => rm(checkout, { recursive: true, force: true }));

const dependencies = { leaf: 'file:leaf' };

async function writeLock(version: string): Promise<void> {
  const packages = {
    '': { name: 'fixture', version: '1.0.0', dependencies },
    leaf: { version: '1.0.0' },
    'node_modules/leaf': { resolved: 'leaf', link: true },
  };
  await writeFile(
    join(checkout, 'package-lock.json'),
    JSON.stringify({ name: 'fixture', version, lockfileVersion: 3, packages }),
  );
}

const command = (script: string) => writeFile(join(checkout, 'infra/commands/token.ts'), script);

/** Starts `run.mjs token` as if not by npm, though npm may run this test. */
function start(...args: string[]): ChildProcessWithoutNullStreams {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  return spawn(process.execPath, [join(checkout, 'infra/run.mjs'), ...args], { env });
}

async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

it('installs once with messages on stderr only, and forwards the arguments and the exit code', async () => {
  await command('console.log(JSON.stringify(process.argv.slice(2) as string[])); process.exit(3);');
  expect(await run('token', '--admin', '7')).toEqual({
    code: 3,
    stdout: '["--admin","7"]\n',
    stderr: 'Installing the dependencies ...\n',
  });
  expect(await run('token')).toEqual({ code: 3, stdout: '[]\n', stderr: '' });
});

it('installs again when the lock file has changed', async () => {
  await command('');
  await run('token');
  await writeLock('1.0.1');
  expect((await run('token')).stderr).toBe('Installing the dependencies ...\n');
});

it('serialises the installation by two commands of one checkout, and installs only once', async () => {
  await command('');
  const runs = await Promise.all([run('token'), run('token'), run('token')]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(runs.filter(({ stderr }) => stderr.includes('Installing'))).toHaveLength(1);
  expect(await readFile(join(checkout, 'prepared'), 'utf8')).toBe('made\n');
});

it('prints the output of npm if the installation fails', async () => {
  await writeFile(join(checkout, 'package-lock.json'), 'no JSON');
  const { code, stdout, stderr } = await run('token');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/npm error[\s\S]*npm ci .*failed/);
});

it('forwards a signal once, however often it arrives within a moment, and adopts the exit code', async () => {
  await command(`
    let signals = 0;
    process.on('SIGINT', () => { signals += 1; setTimeout(() => process.exit(40 + signals), 300); });
    console.log('up');
    setTimeout(() => {}, 10_000);
  `);
  const child = start('token');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  expect(code).toBe(41);
});

const linux = process.platform === 'linux' ? it : it.skip;

describe('its command also ends, with time to clean up,', () => {
  const ending = `
    process.on('SIGTERM', () => { console.log('ended'); process.exit(); });
    console.log('up');
    setTimeout(() => {}, 10_000);
  `;

  async function printedAfterKilling(child: ChildProcessWithoutNullStreams): Promise<string> {
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    return text(child.stdout);
  }

  linux('when this is killed outright', async () => {
    await command(ending);
    expect(await printedAfterKilling(start('token'))).toBe('ended\n');
  });

  it('when npm is killed by SIGKILL', async () => {
    await command(ending);
    const npm = ['-c', '"$@"; true', 'npm', process.execPath, join(checkout, 'infra/run.mjs'), 'token'];
    const env = { ...process.env, npm_lifecycle_event: 'token' };
    expect(await printedAfterKilling(spawn('sh', npm, { env }))).toBe('ended\n');
  });
});

it('prints its usage', async () => {
  expect(await run('destroy')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^usage: npm run <demo \| start/),
  });
});
