import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ensurePage } from '../../infra/page/ensure-page.ts';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import { uploadedFiles } from './build-as-deployed.ts';
import { fakePrograms } from './fake-programs.ts';
import { describeWithGcloud, type RealGcloud, realGcloud } from './real-gcloud.ts';
import { runDeploy } from './run-deploy.ts';

const PAGE_SOURCES = 'functions/download-center/page/';

describeWithGcloud('what gcloud uploads', () => {
  let gcloud: RealGcloud;
  let uploaded: string[];

  beforeAll(async () => {
    await ensurePage();
    gcloud = await realGcloud();
    const { code, stdout, stderr } = await gcloud.run(['meta', 'list-files-for-upload', '.']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    uploaded = stdout.trim().split('\n').sort();
  }, 120_000);
  afterAll(async () => gcloud?.[Symbol.asyncDispose]());

  it('is the functions and what they share, the built page and the dependencies’ names, and nothing else', async () => {
    const isCode = (path: string) => !path.startsWith(PAGE_SOURCES) && !/\.test\.ts$|\.md$/.test(path);
    const code = [...(await filesOf('functions')), ...(await filesOf('shared'))].filter(isCode);
    expect(uploaded).toEqual(['package.json', 'package-lock.json', ...code].sort());
    for (const needed of ['functions/download-center/dist/index.html', 'shared/tables/withdraw.ts'])
      expect(uploaded).toContain(needed);
  });

  it('is what is built in the tests', async () => {
    expect(await uploadedFiles()).toEqual(uploaded);
  });

  const elsewhere = [
    ...['.env', '.npmrc', 'README.md', 'biome.json', '.git/HEAD', '.local/node/bin/node', 'node_modules/zod/index.js'],
    ...[
      'docs/operating.md',
      'infra/local-cloud/issuer.ts',
      'terraform/main.tf',
      'test/api/rights.test.ts',
      'token.jwt',
    ],
    ...['functions/sweep/sweep.test.ts', 'shared/notes.md', 'functions/download-center/page/main.tsx'],
  ];
  const deployed = [
    'functions/sweep/index.ts',
    'functions/download-center/dist/assets/a.js',
    'shared/a.lua',
    'package.json',
  ];

  /** Returns which of these files are uploaded if there are no others. */
  async function uploadedOf(paths: string[], ignoring: string): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'project-'));
    try {
      for (const path of paths) {
        await mkdir(join(folder, dirname(path)), { recursive: true });
        await writeFile(join(folder, path), '');
      }
      await writeFile(join(folder, '.gcloudignore'), ignoring);
      const { stdout } = await gcloud.run(['meta', 'list-files-for-upload', folder]);
      return stdout.trim().split('\n').sort();
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('leaves out whatever else there may be, which a missing rule lets in', async () => {
    const ignoring = await readFile(join(projectRoot, '.gcloudignore'), 'utf8');
    const files = [...elsewhere, ...deployed];
    expect(await uploadedOf(files, ignoring)).toEqual(deployed.toSorted());
    expect(await uploadedOf(files, '')).toEqual([...files, '.gcloudignore'].sort());
    expect(await uploadedOf(files, ignoring.replace('*.test.ts\n', ''))).toEqual(
      [...deployed, 'functions/sweep/sweep.test.ts'].sort(),
    );
  }, 20_000);

  it('is told with its size by folder and in all', async () => {
    // The page is already built.
    await using programs = await fakePrograms({ npm: [] });
    const { code, stdout } = await runDeploy(['files'], { PATH: `${programs.env.PATH}:${process.env.PATH}` });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +\d+ files +\d+ KiB {2}functions\/download-center$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^ *${uploaded.length} files +[1-9]\\d* KiB {2}in all$`),
    );
  }, 120_000);
});

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(join(projectRoot, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)));
}
