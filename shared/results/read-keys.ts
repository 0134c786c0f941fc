import { pipeline } from 'node:stream/promises';
import { parse } from 'fast-csv';
import type { SourceResult } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readResult } from './read-result.ts';

/** A one-column result as a list of texts. */
export async function readKeys(result: SourceResult, objects: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  await pipeline(readResult(result, objects), parse(), async (rows: AsyncIterable<[string]>) => {
    for await (const [key] of rows) keys.push(key);
  });
  return keys;
}
