import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
  assets?: string[];
}

/** The chunks of the languages, of which a browser loads one. */
const LANGUAGES = /^texts\/language-/;

/**
 * The gzipped bytes that a browser loads to show the list of downloads: index.html, its assets and their static
 * imports, and the texts of one language, the largest. `folder` holds the built page.
 */
export async function firstLoadBytes(folder: string): Promise<number> {
  const manifest: Record<string, Chunk> = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8'));
  const languages = Object.keys(manifest).filter((name) => LANGUAGES.test(name));
  const sizes = languages.map(async (language) => {
    const files = new Set(['index.html', ...filesOf(manifest, 'index.html'), ...filesOf(manifest, language)]);
    const contents = await Promise.all([...files].map((file) => readFile(join(folder, file))));
    return contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
  });
  return Math.max(...(await Promise.all(sizes)));
}

/** The files of a chunk and of its static imports. */
function filesOf(manifest: Record<string, Chunk>, name: string, seen = new Set<string>()): string[] {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return [];
  seen.add(name);
  const { file, css = [], assets = [], imports = [] } = chunk;
  return [file, ...css, ...assets, ...imports.flatMap((imported) => filesOf(manifest, imported, seen))];
}
