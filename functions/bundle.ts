/**
 * `node functions/bundle.ts <folder>` bundles all functions into that folder, from which they start with half the processor time: what takes it is to find, read and compile a
 * thousand files. Each function, and what it loads later, are files of their own. Whatever is not code is left where it is, and found there.
 */
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'rolldown';
import { type DeclarationFolder, declarationFiles } from '../shared/catalogue/declarations.ts';

const folder = resolve(process.argv[2] as string);

/** What stays a package: the framework, which starts the functions and must be the same to them, and those with native code. */
const PACKAGES = [/^@google-cloud\/functions-framework/, /^@duckdb\/node-bindings/, /^@node-rs\//, 'koffi'];

/** The databases that knex would load a driver for, and that are not used. */
const UNUSED_DRIVERS = [
  'better-sqlite3',
  'mariadb/callback',
  'mysql',
  'oracledb',
  'pg',
  'pg-query-stream',
  'sqlite3',
  'tedious',
];

/** The catalogue looks into folders for what is declared; a bundle has to name what it imports. */
const declarationsAsTheyAre: Plugin = {
  name: 'declarations-as-they-are',
  load: {
    filter: { id: /\/shared\/catalogue\/declarations\.ts$/ },
    async handler() {
      const importsOf = async (folder: DeclarationFolder) =>
        (await declarationFiles(folder)).map((file) => `import(${JSON.stringify(file)})`).join();
      return `
        const modules = { reports: () => [${await importsOf('reports')}], tables: () => [${await importsOf('tables')}] };
        export const declarationsIn = (folder) => Promise.all(modules[folder]());`;
    },
  },
};

/** A module asks where it is to find the files beside it, and they are where its source is. */
const pathsAsTheyWere: Plugin = {
  name: 'paths-as-they-were',
  transform: {
    filter: { id: /^[^\0]/, code: /\b__dirname\b|\bimport\.meta\.(dirname|url)\b/ },
    handler(code, id) {
      const path = relative(folder, id);
      return code
        .replaceAll(
          /\b__dirname\b|\bimport\.meta\.dirname\b/g,
          `(import.meta.dirname + ${JSON.stringify(`/${dirname(path)}`)})`,
        )
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(path)}, import.meta.url).href`);
    },
  },
};

/**
 * Google's libraries bring every message of their services as a class, 6 MB of them, for whoever wants to make messages by hand; their clients, and ours, know the services by JSON.
 * The only ones that use any are those that wait for long-running operations.
 */
const withoutMessageClasses: Plugin = {
  name: 'without-message-classes',
  load: {
    filter: {
      id: [
        /@google-cloud\/(pubsub|pubsub-api|firestore-api)\/build\/protos\/protos\.js$/,
        /@google-cloud\/firestore\/build\/protos\/firestore_v1_proto_api\.js$/,
        /google-gax\/build\/protos\/(iam_service|locations|operations)\.js$/,
      ],
    },
    handler: () => 'module.exports = { google: { firestore: { v1: {} } } };',
  },
};

/** Clients take the whole description of their library apart with the first call, also what other clients and versions have in it. */
const withoutOtherApis: Plugin = {
  name: 'without-other-apis',
  transform: {
    filter: {
      id: [
        /@google-cloud\/tasks\/.*\/v2\/cloud_tasks_client\.js$/,
        /@google-cloud\/firestore-api\/.*\/v1\/firestore_client\.js$/,
      ],
    },
    handler(code, id) {
      const unused = id.includes('/tasks/')
        ? ['cloud.nested.tasks.nested.v2beta2', 'cloud.nested.tasks.nested.v2beta3']
        : ['firestore.nested.admin'];
      const pruned = code.replace(/^const jsonProtos = .*;$/m, (line) =>
        [line, ...unused.map((api) => `delete jsonProtos.nested.google.nested.${api};`)].join('\n'),
      );
      if (pruned === code) this.error(`${id} is no longer as it was`);
      return pruned;
    },
  },
};

const { output } = await build({
  input: join(import.meta.dirname, 'index.ts'),
  platform: 'node',
  external: [...PACKAGES, ...UNUSED_DRIVERS],
  plugins: [declarationsAsTheyAre, pathsAsTheyWere, withoutMessageClasses, withoutOtherApis],
  // It would bring its beta versions along, which are larger than what is used of it.
  treeshake: { moduleSideEffects: [{ test: /@google-cloud\/tasks\//, sideEffects: false }] },
  // Of the text that Node would have to read, half is comments.
  output: { dir: folder, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs', comments: false },
  // What could not be resolved would fail only when it is needed.
  onLog(_level, { message }) {
    throw new Error(message);
  },
});
const bytes = output.reduce((sum, file) => sum + Buffer.byteLength(file.type === 'chunk' ? file.code : file.source), 0);
process.stdout.write(`${folder}: ${output.length} files, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`);
