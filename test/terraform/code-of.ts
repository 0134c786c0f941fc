import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../infra/setup/local-folder.ts';
import type { Code } from './check-grants.ts';

const IMPORT = /^import\s+(?!type\s)(?:[\w*{][^'"]*?\sfrom\s+)?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

/** Returns the code of `functions/<name>`, without modules that it imports only as types. */
export async function codeOf(name: string): Promise<Code> {
  const texts = new Map<string, string>();
  const gather = async (path: string): Promise<void> => {
    if (texts.has(path)) return;
    texts.set(path, '');
    const text = await readFile(path, 'utf8');
    texts.set(path, text);
    const imported = [...text.matchAll(IMPORT)].map(([, from, dynamic]) => join(dirname(path), from ?? dynamic ?? ''));
    await Promise.all(imported.map(gather));
  };
  const entry = join(projectRoot, 'functions', name, 'index.ts');
  await gather(entry);
  return { entry: texts.get(entry) ?? '', all: [...texts.values()].join('\n') };
}
