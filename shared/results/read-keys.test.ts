import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../../test/support/any-text.ts';
import { csvSource, joinAll, plain } from '../../test/support/joining.ts';
import { memoryObjectStore } from '../../test/support/memory-object-store.ts';
import { never } from '../../test/support/never.ts';
import { duckDbJoiner } from '../adapters/duckdb-joiner/joiner.ts';
import type { StoredRows } from '../domain/source-result.ts';
import { KEY_COLUMNS, readKeys } from './read-keys.ts';
import { writeResult } from './write-result.ts';

const objects = memoryObjectStore();

/** Stores a result with these blocks. */
const resultOf = (blocks: Buffer[]): Promise<StoredRows> =>
  writeResult(
    {
      columns: KEY_COLUMNS,
      dataAsOf: new Date(),
      rowsRead: () => 0,
      longestRow: () => 0,
      blocks: (async function* () {
        yield* blocks;
      })(),
    },
    'parts/r/keys/a/',
    objects,
    never,
  );

const keysIn = async (result: StoredRows) => (await Array.fromAsync(readKeys(result, objects))).flat();

it('reads the keys that the joiner wrote, whatever text they are', async () => {
  const joiner = duckDbJoiner({ memoryLimit: '64MB', spillLimit: '64MB' });
  const keyLists = fc.uniqueArray(anyText, { minLength: 1, maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(keyLists, async (keys) => {
      const csv = keys.map((key) => `"${key.replaceAll('"', '""')}"\n`).join('');
      const source = csvSource('s', [{ name: 'key', kind: 'text' }], csv);
      const joined = await joinAll(joiner, [source], 'SELECT 0 AS zero, key FROM s', plain('zero', 'key'));
      expect(await keysIn(await resultOf([joined.csv]))).toEqual(keys);
    }),
    { numRuns: 20 },
  );
});

it('reads none, and 200,000, over the borders of parts', async () => {
  expect(await keysIn(await resultOf([]))).toEqual([]);
  const keys = Array.from({ length: 200_000 }, (_, index) => `${18_446_744_073_709_351_616n + BigInt(index)}`);
  const csv = Buffer.from(keys.map((key) => `0,${key}\n`).join(''));
  const blocks = Array.from({ length: 16 }, (_, index) => csv.subarray(index * 300_001, (index + 1) * 300_001));
  const read = await keysIn(await resultOf(blocks));
  expect(read).toHaveLength(keys.length);
  expect(read.every((key, index) => key === keys[index])).toBe(true);
});

it('fetches a part when the keys before are taken, and not before', async () => {
  const blocks = ['0,1\n', '0,2\n', '0,3\n'].map((row) => Buffer.from(row));
  let fetched = 0;
  const counting = {
    ...objects,
    get: (name: string, crc32c: string) => {
      fetched++;
      return objects.get(name, crc32c);
    },
  };
  const keys = readKeys(await resultOf(blocks), counting);
  expect([(await keys.next()).value, fetched]).toEqual([['1'], 1]);
  expect([(await keys.next()).value, fetched]).toEqual([['2'], 2]);
});
