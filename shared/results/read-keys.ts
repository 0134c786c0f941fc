import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { parse } from 'fast-csv';
import type { Column } from '../domain/columns.ts';
import type { StoredRows } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readResult } from './read-result.ts';

/** A list of keys as a result. They do not stand first: fast-csv drops blanks and byte order marks from the beginning of a row. */
export const KEY_COLUMNS: Column[] = [
  { name: 'zero', kind: 'integer' },
  { name: 'key', kind: 'text' },
];

/** The keys in a result of KEY_COLUMNS, as many at once as a part holds: there may be more than memory would. */
export async function* readKeys(result: StoredRows, objects: ObjectStore): AsyncGenerator<string[], void> {
  let keys: string[] = [];
  // An await for each would be dear: a function runs inside a domain, which makes every promise several times as slow.
  const rows = parse().on('data', ([, key]: [string, string]) => keys.push(key));
  const write = promisify((part: Buffer, done: (error?: Error | null) => void) => rows.write(part, 'utf8', done));
  for (const part of readResult(result, objects)) {
    await write(await part());
    yield keys;
    keys = [];
  }
  await finished(rows.end());
  // The last row may want its end.
  yield keys;
}
