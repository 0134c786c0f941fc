/**
 * `node functions/bundle.ts <folder>` bundles all functions into that folder. From there they start with half the CPU
 * time, which otherwise goes into finding, reading and compiling a thousand files. Each function, and the code that it
 * loads later, is in files of its own. Files that are not code stay where they are, and the bundled functions find them
 * there.
 */
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'rolldown';
import { type DeclarationFolder, declarationFiles } from '../shared/catalogue/declarations.ts';

const folder = resolve(process.argv[2] as string);

/**
 * Packages that are not bundled: the framework, because it starts the functions and must be the same instance for them,
 * and the packages with native code.
 */
const PACKAGES = [/^@google-cloud\/functions-framework/, /^@duckdb\/node-bindings/, /^@node-rs\//, 'koffi'];

/** Database drivers that knex would load and that are not used. */
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

/** Replaces the catalogue's search for declarations in folders, because a bundle must name what it imports. */
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

/** Makes a module find the files beside its source, because those files stay where the source is. */
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
 * Drops the message classes of Firestore's libraries: 3 MB of one class per message of their services, for code that
 * builds messages by hand. Google's client, and ours, know the services by JSON. Only the clients that wait for
 * long-running operations use any of these classes.
 */
const withoutMessageClasses: Plugin = {
  name: 'without-message-classes',
  load: {
    filter: {
      id: [
        /@google-cloud\/firestore-api\/build\/protos\/protos\.js$/,
        /@google-cloud\/firestore\/build\/protos\/firestore_v1_proto_api\.js$/,
        /google-gax\/build\/protos\/(iam_service|locations|operations)\.js$/,
      ],
    },
    handler: () => 'module.exports = { google: { firestore: { v1: {} } } };',
  },
};

/**
 * Drops the API that administers databases from the description that Firestore's client parses as a whole at its first
 * call.
 */
const withoutAdminApi: Plugin = {
  name: 'without-admin-api',
  transform: {
    filter: { id: /@google-cloud\/firestore-api\/.*\/v1\/firestore_client\.js$/ },
    handler(code, id) {
      const pruned = code.replace(
        /^const jsonProtos = .*;$/m,
        '$&\ndelete jsonProtos.nested.google.nested.firestore.nested.admin;',
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
  plugins: [declarationsAsTheyAre, pathsAsTheyWere, withoutMessageClasses, withoutAdminApi],
  // Half of the text that Node would have to read is comments.
  output: { dir: folder, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs', comments: false },
  // An import that could not be resolved would fail only when it is needed.
  onLog(_level, { message }) {
    throw new Error(message);
  },
});
const bytes = output.reduce((sum, file) => sum + Buffer.byteLength(file.type === 'chunk' ? file.code : file.source), 0);
process.stdout.write(`${folder}: ${output.length} files, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`);
