import type { Column } from '../../shared/domain/columns.ts';
import type { Joiner, JoinSource, OutputColumn } from '../../shared/ports/joiner.ts';
import { never } from './never.ts';

/** Returns a source with the given CSV, one part for each text. */
export function csvSource(name: string, columns: Column[], ...parts: (string | Buffer)[]): JoinSource {
  return {
    name,
    columns,
    longestRow: 1000,
    parts: (parts.length > 0 ? parts : ['']).map((part) => async () => Buffer.from(part)),
  };
}

/** Returns output columns without the formula guard. */
export const plain = (...names: string[]): OutputColumn[] => names.map((name) => ({ name, guarded: false }));

/** Resolves to the joined CSV, and to the joiner's number of rows. */
export async function joinAll(
  joiner: Joiner,
  sources: JoinSource[],
  sql: string,
  output: OutputColumn[],
  signal = never,
): Promise<{ csv: Buffer; rows: number }> {
  const blocks: Buffer[] = [];
  const joined = joiner.join({ sources, sql, output }, signal);
  for (;;) {
    const next = await joined.next();
    if (next.done) return { csv: Buffer.concat(blocks), rows: next.value };
    blocks.push(next.value);
  }
}
