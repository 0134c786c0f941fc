import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Block, Body, Configuration, Module, Sources, Value } from './configuration.ts';

/** Arguments that Terraform itself evaluates. */
const META = ['for_each', 'count', 'depends_on'];

/**
 * Writes the configuration below a folder with a stand-in for each of the provider's resources, terraform_data, which needs no provider: Terraform then plans it without
 * an account. What is an argument stays as known as it was, what the provider would tell is not known. Blocks that are made dynamically come down to what they iterate over.
 */
export async function writeStandIn(configuration: Configuration, sources: Sources, folder: string): Promise<void> {
  for (const module of configuration.values()) {
    await mkdir(join(folder, module.folder), { recursive: true });
    await writeFile(join(folder, module.folder, 'main.tf.json'), JSON.stringify(standInOf(module), undefined, 2));
  }
  for (const [path, text] of Object.entries(sources).filter(([path]) => path.endsWith('.json'))) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function standInOf(module: Module): Body {
  const rewrite = (value: Value) => mapTexts(value, (text) => standInReferences(text, module));
  const byName = (blocks: readonly Block[]) =>
    Object.fromEntries(blocks.map(({ name, body }) => [name, rewrite(body)]));
  const resources = module.resources.map(({ type, name, body }) => {
    const meta = Object.entries(body).filter(([argument]) => META.includes(argument));
    const input = Object.entries(body).filter(([argument]) => argument !== 'lifecycle' && !META.includes(argument));
    const standIn = rewrite({ ...Object.fromEntries(meta), input: Object.fromEntries(input) });
    return [`${type}__${name}`, throughInput(standIn, body.for_each, module)] as const;
  });
  const sections: Body = {
    ...(resources.length > 0 ? { resource: { terraform_data: Object.fromEntries(resources) } } : {}),
    variable: Object.fromEntries(module.variables.map(({ name, body }) => [name, withPlainType(body)])),
    locals: rewrite(module.locals),
    output: byName(module.outputs),
    module: byName(module.modules),
  };
  return Object.fromEntries(Object.entries(sections).filter(([, section]) => Object.keys(section as Body).length > 0));
}

/** Of a resource that is iterated over, the arguments are in `input`, too. */
function throughInput(standIn: Value, each: Value | undefined, { resources }: Module): Value {
  const over = resources.find(({ type, name }) => each === `\${${type}.${name}}`);
  if (!over) return standIn;
  return mapTexts(standIn, (text) =>
    text.replaceAll(/\beach\.value\.(\w+)/g, (all, argument) =>
      argument in over.body ? `each.value.input.${argument}` : all,
    ),
  );
}

/** In JSON a type, and what is depended on, are written without `${…}`. */
const bare = (text: Value | undefined) => String(text).replace(/^\$\{(.*)\}$/s, '$1');
const withPlainType = (body: Body): Body => ({ ...body, type: bare(body.type) });

function mapTexts(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  const entries = Object.entries(value).map(([name, item = null]): [string, Value] => {
    if (name === 'depends_on') return [name, (item as string[]).map((text) => bare(change(text)))];
    if (name === 'dynamic') return [name, iteratedOver(item as Body, change)];
    return [name, mapTexts(item, change)];
  });
  return Object.fromEntries(entries);
}

const iteratedOver = (dynamic: Body, change: (text: string) => string): Body =>
  Object.fromEntries(
    Object.entries(dynamic).map(([name, blocks]) => [
      name,
      (blocks as Body[]).map(({ for_each: each = null }) => mapTexts(each, change)),
    ]),
  );

const REFERENCE = /\b(google_\w+)\.(\w+)(\)\[\*\]|\[\*\]|\[[^\]]*\])?(?:\.(\w+))?/g;

function standInReferences(text: string, { resources }: Module): string {
  const argumentsOf = (type: string, name: string) =>
    resources.find((block) => block.type === type && block.name === name)?.body;
  return text
    .replaceAll(/\bdata\.google_project\.this\.number\b/g, '123456789012')
    .replaceAll(REFERENCE, (all, type, name, index = '', attribute) => {
      const body = argumentsOf(type, name);
      if (!body) return all;
      const standIn = `terraform_data.${type}__${name}${index}`;
      if (attribute === undefined) return standIn;
      if (attribute in body) return `${standIn}.input.${attribute}`;
      // The one list among what is told.
      return attribute === 'server_ca_certs' ? `[{ cert = ${standIn}.id }]` : `${standIn}.id`;
    });
}
