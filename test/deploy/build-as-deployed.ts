import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../infra/setup/local-folder.ts';

/**
 * Lists the files that .gcloudignore lets through. It is a .gitignore in all but its name, so git can evaluate it where
 * gcloud is missing: in an empty repository, every file is a new one.
 */
export async function uploadedFiles(): Promise<string[]> {
  const repository = await mkdtemp(join(tmpdir(), 'repository-'));
  try {
    const git = (...args: string[]) => run('git', [`--git-dir=${repository}`, `--work-tree=${projectRoot}`, ...args]);
    await git('init', '--quiet');
    return (await git('ls-files', '--others', '--exclude-from=.gcloudignore')).trim().split('\n').sort();
  } finally {
    await rm(repository, { recursive: true });
  }
}

/**
 * Copies the uploaded files into the folder and does there what the platform's buildpack for Node does: it installs all
 * packages, runs `gcp-build`, removes the development packages, and checks the file that the Functions Framework will
 * load.
 * https://github.com/GoogleCloudPlatform/buildpacks/blob/main/cmd/nodejs/npm/lib/lib.go
 */
export async function buildAsDeployed(folder: string): Promise<void> {
  for (const path of await uploadedFiles()) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await copyFile(join(projectRoot, path), join(folder, path));
  }
  await run('npm', ['ci', '--quiet', '--no-fund', '--no-audit'], { cwd: folder, NODE_ENV: 'development' });
  await run('npm', ['run', 'gcp-build'], { cwd: folder });
  await run('npm', ['prune', '--production', '--quiet'], { cwd: folder });
  const { main } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  await run('node', ['--check', main], { cwd: folder });
}

async function run(
  program: string,
  args: string[],
  { cwd = projectRoot, ...env }: { cwd?: string; NODE_ENV?: string } = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd, env: { ...ownEnvironment(), ...env } });
  return stdout;
}

/**
 * The variables by which an npm that runs the tests describes their project and how it is installed. Variables that
 * specify where packages come from are kept.
 */
const OF_THE_PROJECT = /^(NODE_ENV|NODE_OPTIONS|npm_(?!config_).*|npm_config_(local_prefix|include|omit|production))$/i;

/** Returns this process's environment without those variables, and with the same Node first in PATH. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !OF_THE_PROJECT.test(name));
  return { ...Object.fromEntries(own), PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
}
