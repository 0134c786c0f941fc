import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PAGE_SOURCES } from '../infra/page/ensure-page.ts';
import { projectRoot } from '../infra/setup/local-folder.ts';

/** A source file. Its path is relative to the project. */
interface SourceFile {
  path: string;
  text: string;
}

interface Import {
  /** A path relative to the project, or a package. */
  from: string;
  /** Whether the import is erased before the code runs. */
  isType: boolean;
}

const STATEMENT = /^(?:import|export)\s+(?<type>type\s)?(?:[\w*{][^'"]*?\sfrom\s+)?'(?<from>[^']+)'/gm;
const DYNAMIC = /\bimport\('(?<from>[^']+)'\)/g;

function importsOf({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(STATEMENT), ...text.matchAll(DYNAMIC)].map(({ groups }) => {
    const from = groups?.from ?? '';
    const resolved = from.startsWith('.') ? normalize(join(dirname(path), from)) : from;
    return { from: resolved, isType: groups?.type !== undefined };
  });
}

/** The packages that communicate with a service on the network, a database or an engine. */
const SDK =
  /^(@google-cloud\/(?!functions-framework)|@grpc\/|@opentelemetry\/(?!api$)|@duckdb\/|google-auth-library|ioredis|mysql2|knex)/;
const ENTRY = /^functions\/([^/]+\/)?index\.ts$/;
/** The list of the functions, and the module that loads one of them. */
const MANIFEST = /^functions\/(index|manifest)\.ts$/;
const isPackage = (from: string) => !/^(node:|functions\/|shared\/|infra\/|test\/)/.test(from);
const functionOf = (path: string) => path.split('/', 2).join('/');
const packageName = (from: string) => from.split('/', from.startsWith('@') ? 2 : 1).join('/');
/**
 * The patterns of what reads an environment variable, and of what replaces a module. They are not written out, because
 * this file is checked as well.
 */
const ENVIRONMENT = new RegExp(['process', 'env'].join('\\.'));
const MOCKED = new RegExp(['jest', '(mock|unstable_mockModule|doMock)\\('].join('\\.'));
const MAX_LINES = 250;
/**
 * The page's folders, each with the folders from which it may import. The files beside the folders combine the views.
 */
const PAGE_FOLDERS: Record<string, readonly string[]> = {
  texts: [],
  common: ['texts'],
  record: ['common', 'texts'],
  details: ['record', 'common', 'texts'],
  list: ['record', 'common', 'texts'],
  request: ['common', 'texts'],
  session: ['common', 'texts'],
};
const pageFolderOf = (path: string) => /^functions\/download-center\/page\/(?:(\w+)\/)?/.exec(path);

const lock: { packages: Record<string, { dev?: boolean }> } = JSON.parse(
  readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'),
);

interface Rule {
  name: string;
  /** The files to which the rule applies. */
  covers: RegExp;
  /** Tests are exempt from the rules for deployed code, unless this is set. */
  tests?: true;
  isBroken: (file: SourceFile, imports: Import[]) => boolean;
  /** A violation that the rule must find. */
  planted: SourceFile;
}

const rules: Rule[] = [
  {
    name: 'the domain imports nothing but itself and node:crypto',
    covers: /^shared\/domain\//,
    isBroken: (_file, imports) =>
      imports.some(({ from }) => from !== 'node:crypto' && !from.startsWith('shared/domain/')),
    planted: { path: 'shared/domain/record.ts', text: `import { readFile } from 'node:fs/promises';` },
  },
  {
    name: 'ports import only types, and only of the domain and of ports',
    covers: /^shared\/ports\//,
    isBroken: (_file, imports) =>
      imports.some(({ from, isType }) => !isType || !/^shared\/(domain|ports)\//.test(from)),
    planted: { path: 'shared/ports/fan-in.ts', text: `import type { Redis } from 'ioredis';` },
  },
  {
    name: 'the API’s description imports only zod, what makes OpenAPI of it, and the domain',
    covers: /^shared\/api\//,
    isBroken: (_file, imports) => imports.some(({ from }) => !/^(zod|zod-openapi)$|^shared\/(api|domain)\//.test(from)),
    planted: { path: 'shared/api/openapi.ts', text: `import { route } from '../http/router.ts';` },
  },
  {
    name: 'SDKs are imported by adapters, clients, entry files, and knex by the catalogue',
    covers: /^(functions|shared)\//,
    isBroken: ({ path }, imports) =>
      !ENTRY.test(path) &&
      !/^shared\/(adapters|clients)\//.test(path) &&
      imports.some(({ from }) => SDK.test(from) && !(from === 'knex' && path.startsWith('shared/catalogue/'))),
    planted: { path: 'functions/sweep/sweep.ts', text: `import {\n  Storage,\n} from '@google-cloud/storage';` },
  },
  {
    name: 'what functions share imports no function, and nothing is imported from infra or tests',
    covers: /^(functions|shared)\//,
    isBroken: ({ path }, imports) =>
      imports.some(
        ({ from }) => /^(infra|test)\//.test(from) || (path.startsWith('shared/') && from.startsWith('functions/')),
      ),
    planted: { path: 'shared/leases/while-leased.ts', text: `import { x } from '../../functions/sweep/sweep.ts';` },
  },
  {
    name: 'a function imports nothing of another function',
    covers: /^functions\//,
    isBroken: ({ path }, imports) =>
      !MANIFEST.test(path) &&
      imports.some(({ from }) => from.startsWith('functions/') && functionOf(from) !== functionOf(path)),
    planted: { path: 'functions/sweep/sweep.ts', text: `export { aggregate } from '../aggregate/aggregate.ts';` },
  },
  {
    name: 'clients are made in entry files, so nobody else imports shared/clients',
    covers: /^(functions|shared\/(?!clients))/,
    isBroken: ({ path }, imports) =>
      !ENTRY.test(path) && imports.some(({ from }) => from.startsWith('shared/clients/')),
    planted: { path: 'functions/sweep/sweep.ts', text: `const x = await import('../../shared/clients/fan-in.ts');` },
  },
  {
    name: 'a record store that announces nothing is opened by shared/clients/record-store.ts alone',
    covers: /^(functions|shared\/(?!adapters\/))/,
    isBroken: ({ path }, imports) =>
      path !== 'shared/clients/record-store.ts' &&
      imports.some(({ from }) => /^shared\/adapters\/\w+-record-store\//.test(from)),
    planted: {
      path: 'functions/sweep/index.ts',
      text: `import { mysqlRecordStore } from '../../shared/adapters/mysql-record-store/mysql-record-store.ts';`,
    },
  },
  {
    // The page and the bundle are built where the development packages are installed.
    name: 'packages are there without those for development',
    covers: /^(functions|shared)\/(?!download-center\/page\/|bundle\.ts$)/,
    isBroken: (_file, imports) =>
      imports.some(
        ({ from, isType }) =>
          !isType && isPackage(from) && lock.packages[`node_modules/${packageName(from)}`]?.dev !== undefined,
      ),
    planted: { path: 'shared/logging/logger.ts', text: `import fc from 'fast-check';` },
  },
  {
    name: 'the page’s folders import what is below them, and its views not each other',
    covers: /^functions\/download-center\/page\/\w+\//,
    isBroken: ({ path }, imports) => {
      const own = pageFolderOf(path)?.[1] ?? '';
      const allowed = [own, ...(PAGE_FOLDERS[own] ?? [])];
      return imports.some(({ from }) => {
        const folder = pageFolderOf(from);
        return folder !== null && !allowed.includes(folder[1] ?? '');
      });
    },
    planted: {
      path: 'functions/download-center/page/list/list-view.tsx',
      text: `import { DetailsView } from '../details/details-view.tsx';`,
    },
  },
  {
    name: 'the page is made of what it is built again for, and of packages',
    covers: /^(functions\/download-center\/page\/(?!vite\.config)|shared\/api-client\/)|^shared\/domain\/locale\.ts$/,
    isBroken: (_file, imports) =>
      imports.some(
        ({ from, isType }) => !isType && !isPackage(from) && !PAGE_SOURCES.some((source) => from.startsWith(source)),
      ),
    planted: {
      path: 'functions/download-center/page/common/settings.ts',
      text: `import { LOCALES } from '../../../../shared/domain/record.ts';`,
    },
  },
  {
    name: 'the environment is read by entry files and infra alone',
    covers: /^(functions|shared)\//,
    isBroken: ({ path, text }) => !ENTRY.test(path) && ENVIRONMENT.test(text),
    planted: { path: 'shared/clients/fan-in.ts', text: `new Redis(${'process'}.env.REDIS_URL)` },
  },
  {
    name: 'no module is put in another’s place',
    covers: /./,
    tests: true,
    isBroken: ({ text }) => MOCKED.test(text),
    planted: { path: 'shared/http/problem.test.ts', text: `${'jest'}.mock('./logger.ts')` },
  },
  {
    name: 'the commands are imported by nothing',
    covers: /./,
    tests: true,
    isBroken: (_file, imports) => imports.some(({ from }) => from.startsWith('infra/commands/')),
    planted: { path: 'infra/deploy/smoke.ts', text: `import { x } from '../commands/report.ts';` },
  },
  {
    name: 'infra imports nothing from tests',
    covers: /^infra\//,
    isBroken: (_file, imports) => imports.some(({ from }) => from.startsWith('test/')),
    planted: { path: 'infra/commands/demo.ts', text: `import { x } from '../../test/support/test-cloud.ts';` },
  },
  {
    name: `no file is over ${MAX_LINES} lines`,
    covers: /^(functions|shared)\//,
    isBroken: ({ text }) => text.split('\n').length - 1 > MAX_LINES,
    planted: { path: 'shared/domain/record.ts', text: '\n'.repeat(MAX_LINES + 1) },
  },
];

const isTest = (path: string) => path.startsWith('test/') || path.endsWith('.test.ts');

function offendersOf(rule: Rule, files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => rule.covers.test(path) && (rule.tests || !isTest(path)))
    .filter((file) => rule.isBroken(file, importsOf(file)))
    .map(({ path }) => path);
}

const files: SourceFile[] = ['functions', 'shared', 'infra', 'test'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path: join(folder, path), text: readFileSync(join(projectRoot, folder, path), 'utf8') })),
);

describe.each(rules)('$name', (rule) => {
  it('everywhere', () => {
    expect(files.some(({ path }) => rule.covers.test(path))).toBe(true);
    expect(offendersOf(rule, files)).toEqual([]);
  });

  it('or it is noticed', () => {
    expect(offendersOf(rule, [rule.planted])).toEqual([rule.planted.path]);
  });
});

it('every way to import is seen', () => {
  const text = `
import a from 'a';
import * as b from "b";
import c, { d } from 'c';
import type { E } from 'e';
import {
  f,
} from 'f';
import 'g';
export * from 'h';
export { i } from './i.ts';
const j = await import('../j.ts');
const text = "import x from 'y'";`.replaceAll('"b"', "'b'");
  const seen = importsOf({ path: 'shared/x/y.ts', text }).map(({ from, isType }) => (isType ? `type ${from}` : from));
  expect(seen).toEqual(['a', 'b', 'c', 'type e', 'f', 'g', 'h', 'shared/x/i.ts', 'shared/j.ts']);
});
