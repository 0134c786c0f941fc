import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../setup/local-folder.ts';
import { parse } from './hcl.ts';

const folder = join(projectRoot, 'terraform');

/** The file that contains the generated tables. */
export const terraformReadme = join(folder, 'README.md');

interface Declaration {
  description?: string;
  type?: string;
  default?: unknown;
}

/**
 * Replaces what is between `<!-- begin MODULE -->` and `<!-- end MODULE -->` by tables of the module's inputs and
 * outputs.
 */
export async function renderModuleTables(page: string): Promise<string> {
  const modules = [...page.matchAll(/<!-- begin (\S+) -->/g)].map(([, name = '']) => name);
  const tables = new Map(
    await Promise.all(modules.map(async (name) => [name, await tablesOf(join(folder, name))] as const)),
  );
  return page.replaceAll(
    /(<!-- begin (\S+) -->).*?(<!-- end \2 -->)/gs,
    (_all, begin, name, end) => `${begin}\n${tables.get(name)}\n${end}`,
  );
}

async function tablesOf(module: string): Promise<string> {
  const inputs = (await declarations(join(module, 'variables.tf'), 'variable')).map(([name, declared]) =>
    row(code(name), code(oneLine(expression(declared.type))), defaultOf(declared), oneLine(declared.description)),
  );
  const outputs = (await declarations(join(module, 'outputs.tf'), 'output')).map(([name, { description }]) =>
    row(code(name), oneLine(description)),
  );
  return [
    row('input', 'type', 'default', 'what it is'),
    row('---', '---', '---', '---'),
    ...inputs,
    '',
    row('output', 'what it is'),
    row('---', '---'),
    ...outputs,
  ].join('\n');
}

async function declarations(file: string, kind: 'variable' | 'output'): Promise<[string, Declaration][]> {
  const { [kind]: declared = {} } = await parse(file, await readFile(file, 'utf8'));
  return Object.entries(declared as Record<string, Declaration[]>).map(([name, [declaration = {}]]) => [
    name,
    declaration,
  ]);
}

const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const code = (text: string) => `\`${text}\``;
const expression = (text = '') => text.replace(/^\$\{(.*)\}$/s, '$1');
/** Joins the lines of an object type, one per attribute. */
const oneLine = (text = '') =>
  text
    .trim()
    .replaceAll(/\{\n\s*/g, '{ ')
    .replaceAll(/\n\s*\}/g, ' }')
    .replaceAll(/\n\s*(?=\w+\s+= )/g, ', ')
    .replaceAll(/\s+/g, ' ');

function defaultOf(declared: Declaration): string {
  return 'default' in declared ? code(JSON.stringify(declared.default)) : 'required';
}
