import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { parse } from 'fast-csv';
import type { Column } from '../domain/columns.ts';
import type { StoredRows } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readResult } from './read-result.ts';

/**
 * The columns of a list of keys stored as a result. The key is not the first column, because fast-csv drops blanks and
 * byte order marks from the beginning of a row.
 */
export const KEY_COLUMNS: Column[] = [
  { name: 'zero', kind: 'integer' },
  { name: 'key', kind: 'text' },
];

/** Yields the keys in a result of KEY_COLUMNS, one part's keys at a time, because all keys may not fit into memory. */
export async function* readKeys(result: StoredRows, objects: ObjectStore): AsyncGenerator<string[], void> {
  let keys: string[] = [];
  // Awaiting each row would be expensive: a function runs inside a domain, which makes every promise several times as
  // slow.
  const rows = parse().on('data', ([, key]: [string, string]) => keys.push(key));
  const write = promisify((part: Buffer, done: (error?: Error | null) => void) => rows.write(part, 'utf8', done));
  for (const part of readResult(result, objects)) {
    await write(await part());
    yield keys;
    keys = [];
  }
  await finished(rows.end());
  // The last row may lack a line end, and is then complete only here.
  yield keys;
}
