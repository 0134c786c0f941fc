import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Block, Body, Configuration, Module, Sources, Value } from './configuration.ts';

/** The arguments that Terraform itself evaluates. */
const META = ['for_each', 'count', 'depends_on'];

/**
 * Writes the configuration to a folder, with a stand-in for each of the provider's resources: terraform_data, which
 * needs no provider, so Terraform can plan it without an account. Arguments remain as known as they were; what the
 * provider would return is unknown, or becomes `{type name attribute}`. Dynamic blocks become lists.
 */
export async function writeStandIn(
  configuration: Configuration,
  sources: Sources,
  folder: string,
  told: 'unknown' | 'named' = 'unknown',
): Promise<void> {
  for (const module of configuration.values()) {
    const standIn = standInOf(module, told === 'named' ? named : ({ standIn }) => `${standIn}.id`);
    await mkdir(join(folder, module.folder), { recursive: true });
    await writeFile(join(folder, module.folder, 'main.tf.json'), JSON.stringify(standIn, undefined, 2));
  }
  for (const [path, text] of Object.entries(sources).filter(([path]) => path.endsWith('.json'))) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Returns an expression for an attribute that the provider would return. */
type Told = (attribute: { type: string; body: Body; standIn: string; attribute: string }) => string;

/** The arguments that identify a resource within its type. */
export const NAMES = ['name', 'account_id', 'secret_id', 'role_id'];

const named: Told = ({ type, body, standIn, attribute }) =>
  `format("{${type} %s ${attribute}}", ${standIn}.input.${NAMES.find((name) => name in body)})`;

function standInOf(module: Module, told: Told): Body {
  const rewrite = (value: Value) => mapTexts(value, (text) => standInReferences(text, module, told));
  const byName = (blocks: readonly Block[]) =>
    Object.fromEntries(blocks.map(({ name, body }) => [name, rewrite(body)]));
  const resources = module.resources.map(({ type, name, body }) => {
    const meta = Object.entries(body).filter(([argument]) => META.includes(argument));
    const input = Object.entries(body).filter(([argument]) => argument !== 'lifecycle' && !META.includes(argument));
    const standIn = rewrite({ ...Object.fromEntries(meta), input: Object.fromEntries(input) });
    return [`${type}__${name}`, throughInput(standIn, body.for_each, module, told)] as const;
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

/** Rewrites references to a resource that is iterated over, whose arguments are in `input` as well. */
function throughInput(standIn: Value, each: Value | undefined, { resources }: Module, told: Told): Value {
  const over = resources.find(({ type, name }) => each === `\${${type}.${name}}`);
  if (!over) return standIn;
  return mapTexts(standIn, (text) =>
    text.replaceAll(/\beach\.value\.(\w+)/g, (_all, attribute) =>
      attribute in over.body
        ? `each.value.input.${attribute}`
        : told({ type: over.type, body: over.body, standIn: 'each.value', attribute }),
    ),
  );
}

/** In JSON, a type and the entries of `depends_on` are written without `${…}`. */
const bare = (text: Value | undefined) => String(text).replace(/^\$\{(.*)\}$/s, '$1');
const withPlainType = (body: Body): Body => ({ ...body, type: bare(body.type) });

function mapTexts(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  const entries = Object.entries(value).map(([name, item = null]): [string, Value] => {
    if (name === 'depends_on') return [name, (item as string[]).map((text) => bare(change(text)))];
    return [name, mapTexts(item, change)];
  });
  return listed(Object.fromEntries(entries));
}

/** Replaces dynamic blocks with lists, which are expressions. */
function listed({ dynamic, ...rest }: Body): Body {
  const lists = Object.entries((dynamic ?? {}) as Body).map(([name, blocks]) => {
    const each = (blocks as Body[]).map(
      ({ for_each: over = null, content }) =>
        `[for ${name} in [for key, value in ${expressionOf(over)} : { key = key, value = value }] : ${expressionOf((content as Value[])[0] ?? {})}]`,
    );
    return [name, `\${concat(${each.join(', ')})}`] as const;
  });
  return { ...rest, ...Object.fromEntries(lists) };
}

/** Converts a value from JSON to an expression. */
function expressionOf(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(expressionOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, item = null]) => `${name} = ${expressionOf(item)}`)
      .join(', ')} }`;
  const [, expression] = /^\$\{((?:(?!\$\{).)*)\}$/s.exec(String(value)) ?? [];
  return expression ?? JSON.stringify(value);
}

const REFERENCE = /\b(google_\w+)\.(\w+)(\)\[\*\]|\[\*\]|\[[^\]]*\])?(?:\.(\w+))?/g;

function standInReferences(text: string, { resources }: Module, told: Told): string {
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
      const value = told({ type, body, standIn, attribute });
      // The only list among the attributes that the provider returns.
      return attribute === 'server_ca_certs' ? `[{ cert = ${value} }]` : value;
    });
}
