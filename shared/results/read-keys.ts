import { pipeline } from 'node:stream/promises';
import { parse } from 'fast-csv';
import type { SourceResult } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readResult } from './read-result.ts';

/** A one-column result as a list of texts. */
export async function readKeys(result: SourceResult, objects: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  // An await for each would be dear: a function runs inside a domain, which makes every promise several times as slow.
  const rows = parse().on('data', ([key]: [string]) => keys.push(key));
  await pipeline(readResult(result, objects), rows);
  return keys;
}
