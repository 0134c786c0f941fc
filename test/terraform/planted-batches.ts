import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Planted, type Sources, SYSTEM } from './configuration.ts';

const FOLDER = join(import.meta.dirname, 'planted');

/**
 * Faults that are planted all at once, because a plan takes time: no fault of a batch hides another. A batch is named
 * after the environment whose plan reports them.
 */
export const plantedBatches = (): { name: string; planted: Planted[] }[] =>
  readdirSync(FOLDER).map((file) => ({
    name: file.replace('.txt', ''),
    planted: faultsIn(readFileSync(join(FOLDER, file), 'utf8')),
  }));

/**
 * Parses a batch. `==` precedes a file, by default one of the system; `-` precedes what is removed, `+` what is
 * inserted instead, and `!` what is reported about it.
 */
function faultsIn(text: string): Planted[] {
  return text.split(/^== /m).flatMap((ofFile) => {
    const [name = '', ...lines] = ofFile.split('\n');
    return lines
      .join('\n')
      .split(/(?<=^! .*\n)/m)
      .filter((hunk) => hunk !== '')
      .map((hunk) => faultIn(hunk, name.includes('/') ? name : `${SYSTEM}/${name}`));
  });
}

function faultIn(hunk: string, file: string): Planted {
  const marked = (mark: string) => hunk.split('\n').flatMap((line) => (line.startsWith(mark) ? [line.slice(2)] : []));
  const [from, to] = [marked('-'), marked('+')].map((lines) => lines.join('\n'));
  // Lines without a replacement are removed with their line feed.
  return { file, from: `${from}${to === '' ? '\n' : ''}`, to: to ?? '', fault: marked('!').join() };
}

/** Plants the faults. Throws if the text to be removed does not occur. */
export function withFaults(sources: Sources, planted: readonly Omit<Planted, 'fault'>[]): Sources {
  const faulty: Record<string, string> = { ...sources };
  for (const { file, from, to } of planted) {
    const text = faulty[file];
    if (!text?.includes(from)) throw new Error(`${file} does not contain ${from}`);
    faulty[file] = text.replace(from, () => to);
  }
  return faulty;
}
