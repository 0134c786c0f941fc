import type { Column } from '../../shared/domain/columns.ts';
import type { Joiner, JoinSource, OutputColumn } from '../../shared/ports/joiner.ts';
import { never } from './never.ts';

/** A source of the CSV given, in parts of short rows. */
export function csvSource(name: string, columns: Column[], ...parts: (string | Buffer)[]): JoinSource {
  return {
    name,
    columns,
    longestRow: 1000,
    parts: (parts.length > 0 ? parts : ['']).map((part) => async () => Buffer.from(part)),
  };
}

/** Output columns without the guard. */
export const plain = (...names: string[]): OutputColumn[] => names.map((name) => ({ name, guarded: false }));

/** The joined CSV and the number that the joiner returns for its rows. */
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
