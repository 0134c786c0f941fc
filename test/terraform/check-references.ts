import { join } from 'node:path';
import { getReferencesInExpression } from '../../infra/codegen/hcl.ts';
import { type Block, type Configuration, type Module, type Sources, sourceOf, textsOf } from './configuration.ts';
import { resourceType } from './provider-schema.ts';

/**
 * Finds references to what does not exist: variables, locals, resources and their attributes, modules, their inputs and
 * outputs, and files.
 */
export async function referenceFaults(
  configuration: Configuration,
  sources: Sources,
  files: ReadonlySet<string>,
): Promise<string[]> {
  const faults = await Promise.all(
    [...configuration.values()].map(async (module) => [
      ...module.modules.flatMap((call) => callFaults(module, call, configuration)),
      ...(
        await Promise.all(module.files.flatMap(textsOf).map((text) => textFaults(text, module, configuration)))
      ).flat(),
      ...fileFaults(module, sources, files),
    ]),
  );
  return faults.flat();
}

const OF_A_CALL = new Set(['source', 'for_each', 'count', 'depends_on', 'providers']);

function callFaults(module: Module, call: Block, configuration: Configuration): string[] {
  const at = `${module.folder}: module.${call.name}`;
  const called = configuration.get(sourceOf(module, call));
  if (!called) return [`${at}: there is no ${sourceOf(module, call)}`];
  const given = Object.keys(call.body).filter((name) => !OF_A_CALL.has(name));
  const inputs = new Map(called.variables.map(({ name, body }) => [name, 'default' in body]));
  return [
    ...given.filter((name) => !inputs.has(name)).map((name) => `${at}: takes no ${name}`),
    ...[...inputs]
      .filter(([name, hasDefault]) => !hasDefault && !given.includes(name))
      .map(([name]) => `${at}: lacks ${name}`),
  ];
}

async function textFaults(text: string, module: Module, configuration: Configuration): Promise<string[]> {
  const found = await Promise.all(interpolationsOf(text).map((expression) => referencesIn(expression)));
  const unresolved = found.flat().filter((path) => !resolves(path, module, configuration));
  return unresolved.map((path) => `${module.folder}: there is no ${path.join('.')}`);
}

/**
 * Returns each `${…}` of a text. The parser gets them one by one, because quotes are no longer escaped in the text
 * around them.
 */
function interpolationsOf(text: string): string[] {
  const found: string[] = [];
  for (let from = text.indexOf('${'); from >= 0; from = text.indexOf('${', from)) {
    let depth = 0;
    let at = from;
    do {
      if (text[at] === '{') depth++;
      if (text[at] === '}') depth--;
      at++;
    } while (at < text.length && (depth > 0 || at === from + 1));
    found.push(text.slice(from, at));
    from = at;
  }
  return found;
}

/** Returns the references in an expression, as paths. */
async function referencesIn(expression: string): Promise<string[][]> {
  const references = await getReferencesInExpression('expression', expression);
  return references.map(({ value, endPosition }) => {
    // The parser omits what follows an index, e.g. in `[each.key].id`.
    const [, after] = /^\[[^\]]*\]\.(\w+)/.exec(expression.slice(endPosition)) ?? [];
    return [...value.split('.'), ...(after === undefined ? [] : [after])];
  });
}

function resolves(path: readonly string[], module: Module, configuration: Configuration): boolean {
  const [first = '', second = '', third] = path;
  if (first === 'var') {
    const variable = module.variables.find(({ name }) => name === second);
    return (
      variable !== undefined && (third === undefined || new RegExp(`\\b${third}\\s*=`).test(String(variable.body.type)))
    );
  }
  if (first === 'local') return second in module.locals;
  if (first === 'module') {
    const call = module.modules.find(({ name }) => name === second);
    const outputs = call && configuration.get(sourceOf(module, call))?.outputs;
    return outputs !== undefined && (third === undefined || outputs.some(({ name }) => name === third));
  }
  if (first === 'data') return hasAttribute(module.data, `data.${second}`, path.slice(2));
  if (first.startsWith('google_')) return hasAttribute(module.resources, first, path.slice(1));
  // `each`, `path`, the iterator of a dynamic block, or an argument whose changes are ignored.
  return true;
}

function hasAttribute(blocks: readonly Block[], type: string, [name, ...rest]: readonly string[]): boolean {
  const found = blocks.find((block) => block.type === type.replace('data.', '') && block.name === name);
  if (!found) return false;
  const [first] = rest;
  const key = first !== undefined && /^(\d+|".*")$/.test(first) ? first.replaceAll('"', '') : undefined;
  const attribute = key === undefined ? first : rest[1];
  return (
    (key === undefined || hasKey(found, key)) &&
    (attribute === undefined || resourceType(type)?.attributes.has(attribute) === true)
  );
}

/** Whether a resource with that key exists, as far as the keys are written out. */
function hasKey({ body: { for_each: each, count } }: Block, key: string): boolean {
  if (/^\d+$/.test(key)) return count !== undefined;
  return typeof each === 'object' && each !== null && !Array.isArray(each) ? key in each : each !== undefined;
}

const FILE = /file\("\$\{path\.module\}\/([^"]+)"\)/g;

function fileFaults({ folder }: Module, sources: Sources, files: ReadonlySet<string>): string[] {
  const texts = Object.entries(sources).filter(([path]) => path.startsWith(`${folder}/`) && path.endsWith('.tf'));
  const named = texts.flatMap(([, text]) => [...text.matchAll(FILE)].map(([, name = '']) => join(folder, name)));
  return named.filter((path) => !files.has(path)).map((path) => `${folder}: there is no ${path}`);
}
