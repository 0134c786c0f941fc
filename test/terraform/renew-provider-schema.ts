import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSources, readSources } from './configuration.ts';
import type { Argument, Arguments } from './provider-schema.ts';

/**
 * Rewrites provider-schema.json with the types that the Terraform code uses, out of the whole google provider, which is
 * 300 MB. Run it by hand after adding a type that the file lacks, or for another version of the provider (16.12.1 of
 * this package contains 6.50 of the provider):
 * `npm install --prefix DIR @cdktf/provider-google@16.12.1`
 * `node test/terraform/renew-provider-schema.ts DIR/node_modules/@cdktf/provider-google/lib`
 */
const [library = ''] = process.argv.slice(2);

/**
 * Reads a type from the type declarations that are generated from the schema: the comment on each argument links to its
 * Terraform name.
 */
function readType(library: string, type: string) {
  const folder = type
    .replace('data.google_', 'data-google-')
    .replace(/^google_/, '')
    .replaceAll('_', '-');
  if (!existsSync(join(library, folder))) return undefined;
  const text = readFileSync(join(library, folder, 'index.d.ts'), 'utf8');
  const interfaces = new Map<string, string>();
  // The closing brace is at the beginning of a line, unlike those of the types within.
  for (const [, name = '', body = ''] of text.matchAll(/^export interface (\w+)[^{]*\{\n(.*?)^\}/gms))
    interfaces.set(name, body);
  const [, config] = /constructor\(scope: Construct, id: string, config\??: (\w+)\)/.exec(text) ?? [];
  if (config === undefined || !text.includes(`= "${type.replace('data.', '')}";`))
    throw new Error(`${type}: its declarations are not understood`);
  const declared = argumentsOf(config, interfaces);
  // The class of the resource itself is the last one.
  const own = text.slice(text.search(/extends cdktf\.Terraform(Resource|DataSource)/));
  const told = [...own.matchAll(/^ {4}get (\w+)\(\):/gm)].map(([, name = '']) => snakeCase(name));
  return { arguments: declared, attributes: new Set([...declared.keys(), ...told]) };
}

const ARGUMENT = /\/[\w.]+#(?<snake>\w+) [^\n]*\n(?:\s*\*[^\n]*\n)*\s*readonly \w+(?<optional>\?)?: (?<type>[^;{]*)/g;

function argumentsOf(name: string, interfaces: ReadonlyMap<string, string>): Arguments {
  const found = [...(interfaces.get(name) ?? '').matchAll(ARGUMENT)].map(({ groups = {} }): [string, Argument] => {
    const { snake = '', optional, type = '' } = groups;
    const [, block = ''] = /^(\w+)/.exec(type) ?? [];
    const isList = /^\w+\[\]/.test(type);
    return [
      snake,
      {
        required: optional === undefined,
        isList,
        ...(interfaces.has(block) ? { block: argumentsOf(block, interfaces) } : {}),
      },
    ];
  });
  return new Map(found);
}

const snakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const configuration = await parseSources(await readSources());
const used = [...configuration.values()].flatMap(({ resources, data }) => [
  ...resources.map(({ type }) => type),
  ...data.map(({ type }) => `data.${type}`),
]);
const schema = [...new Set(used)].sort().flatMap((type) => {
  const found = readType(library, type);
  if (!found) process.stderr.write(`the provider has no ${type}\n`);
  return found ? [[type, found] as const] : [];
});
/** Converts maps and sets to JSON's objects and arrays. */
const plain = (_key: string, value: unknown) =>
  value instanceof Map ? Object.fromEntries(value) : value instanceof Set ? [...value] : value;
const file = new URL('provider-schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(Object.fromEntries(schema), plain)}\n`);
