import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parse } from '../../infra/codegen/hcl.ts';
import { projectRoot } from '../../infra/setup/local-folder.ts';

/**
 * A value in hcl2json's output: a block is an array of objects, and anything that is not literal is text with `${…}`.
 */
export type Value = string | number | boolean | null | Value[] | Body;
export interface Body {
  [name: string]: Value | undefined;
}

/** The text of each file, by its path relative to the project. */
export type Sources = Readonly<Record<string, string>>;

/** A block with one or two labels, e.g. a resource with its type and name. */
export interface Block {
  readonly type: string;
  readonly name: string;
  readonly body: Body;
}

/** A folder of Terraform files. */
export interface Module {
  readonly folder: string;
  readonly resources: readonly Block[];
  readonly data: readonly Block[];
  readonly modules: readonly Block[];
  readonly variables: readonly Block[];
  readonly outputs: readonly Block[];
  readonly locals: Body;
  /** The parsed files. */
  readonly files: readonly Body[];
}

/** The modules by folder, relative to the project. */
export type Configuration = ReadonlyMap<string, Module>;

export const SYSTEM = 'terraform/modules/download-center-system';

/** A change to a file that a check must report, and the report. */
export interface Planted {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly fault: string;
}

export async function readSources(): Promise<Sources> {
  const root = join(projectRoot, 'terraform');
  const paths = (await readdir(root, { recursive: true })).filter((path) => /\.(tf|json)$/.test(path)).sort();
  const texts = paths.map(async (path) => {
    const file = join(root, path);
    return [relative(projectRoot, file), await readFile(file, 'utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Parses the files. Throws an Error that names the file and the line if one cannot be parsed. */
export async function parseSources(sources: Sources): Promise<Configuration> {
  const files = Object.keys(sources).filter((path) => path.endsWith('.tf'));
  const parsed = await Promise.all(
    files.map(async (path) => [dirname(path), (await parse(path, sources[path] ?? '')) as Body] as const),
  );
  const folders = Map.groupBy(parsed, ([folder]) => folder);
  return new Map(
    [...folders].map(([folder, all]) => [
      folder,
      moduleOf(
        folder,
        all.map(([, body]) => body),
      ),
    ]),
  );
}

function moduleOf(folder: string, files: readonly Body[]): Module {
  const all = (kind: string) => files.flatMap((file) => (file[kind] === undefined ? [] : [file[kind]]));
  const named = (kind: string) => all(kind).flatMap((found) => labelled('', found));
  const typed = (kind: string) =>
    all(kind).flatMap((found) => Object.entries(found as Body).flatMap(([type, blocks]) => labelled(type, blocks)));
  return {
    folder,
    resources: typed('resource'),
    data: typed('data'),
    modules: named('module'),
    variables: named('variable'),
    outputs: named('output'),
    locals: Object.assign({}, ...all('locals').flat()),
    files,
  };
}

function labelled(type: string, blocks: Value | undefined): Block[] {
  return Object.entries((blocks ?? {}) as Body).map(([name, bodies]) => ({
    type,
    name,
    body: (bodies as Body[])[0] ?? {},
  }));
}

/** Returns every string in a value. */
export function textsOf(value: Value | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

/** Returns the folder of the module that `module "x"` calls. */
export function sourceOf({ folder }: Module, { body }: Block): string {
  return join(folder, String(body.source));
}

export function systemOf(configuration: Configuration): Module {
  const system = configuration.get(SYSTEM);
  if (!system) throw new Error(`there is no ${SYSTEM}`);
  return system;
}
