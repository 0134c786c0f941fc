import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';

/** An argument's type: a block with arguments of its own, or anything else. */
export interface Argument {
  readonly required: boolean;
  /** Of a block: what may be in it. */
  readonly block?: Arguments;
  /** Of a block: whether there may be several. */
  readonly isList: boolean;
}
export type Arguments = ReadonlyMap<string, Argument>;

export interface ResourceType {
  readonly arguments: Arguments;
  /** Whatever may be referred to: the arguments and what the provider tells. */
  readonly attributes: ReadonlySet<string>;
}

const LIBRARY = join(projectRoot, 'node_modules/@cdktf/provider-google/lib');
const known = new Map<string, ResourceType | undefined>();
const folders = new Set(readdirSync(LIBRARY));

/**
 * A resource of the google provider, `google_…`, or a data source, `data.google_…`, as the provider's own schema has it; undefined if it has none of that type. It
 * is read from the type declarations that are generated of the schema: each argument's comment links its Terraform name.
 */
export function resourceType(type: string): ResourceType | undefined {
  if (!known.has(type)) known.set(type, readType(type));
  return known.get(type);
}

function readType(type: string): ResourceType | undefined {
  const folder = type
    .replace('data.google_', 'data-google-')
    .replace(/^google_/, '')
    .replaceAll('_', '-');
  if (!folders.has(folder)) return undefined;
  const text = readFileSync(join(LIBRARY, folder, 'index.d.ts'), 'utf8');
  const interfaces = new Map<string, string>();
  // Closed at the beginning of a line, as opposed to the types within.
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
