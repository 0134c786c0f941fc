import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '../../test/support/eventually.ts';
import { memoryObjectStore } from '../../test/support/memory-object-store.ts';
import { never } from '../../test/support/never.ts';
import type { Column } from '../domain/columns.ts';
import type { StoredRows } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { readResult } from './read-result.ts';
import { writeResult } from './write-result.ts';

const INLINE = 256 * 1024;
const columns: Column[] = [{ name: 'text', kind: 'text' }];

/** Returns a read of these blocks. As with the reader, a block is valid only until the next one is requested. */
function sourceOf(blocks: readonly Buffer[]) {
  return {
    columns,
    dataAsOf: new Date('2026-03-01T12:00:00.123Z'),
    rowsRead: () => blocks.length,
    longestRow: () => 17,
    blocks: (async function* () {
      for (const block of blocks) {
        const lent = Buffer.from(block);
        yield lent;
        lent.fill('#');
      }
    })(),
  };
}

const write = (blocks: readonly Buffer[], objects: ObjectStore) =>
  writeResult(sourceOf(blocks), 'parts/r1/s/a1/', objects, never);

async function read(result: StoredRows, objects: ObjectStore): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for (const part of readResult(result, objects)) blocks.push(await part());
  return Buffer.concat(blocks);
}

/** Returns the names of a result's parts; none if it is inline. */
const partsOf = ({ content }: StoredRows) => ('parts' in content ? content.parts.map(({ object }) => object) : []);

describe('a result', () => {
  it('of no rows is an empty one', async () => {
    const objects = memoryObjectStore();
    const result = await write([], objects);
    expect(result).toEqual({
      columns,
      rows: 0,
      bytes: 0,
      longestRow: 17,
      dataAsOf: '2026-03-01T12:00:00.123Z',
      content: { inline: '' },
    });
    expect(await read(result, objects)).toEqual(Buffer.alloc(0));
  });

  it.each<[name: string, sizes: number[], parts: number]>([
    ['a small block stays in the manifest', [INLINE], 0],
    ['one byte more is a part', [INLINE + 1], 1],
    ['two small blocks are two parts', [INLINE, 1], 2],
    ['a large block and small ones are parts', [INLINE + 1, 1, 2], 3],
  ])('%s', async (_name, sizes, parts) => {
    const objects = memoryObjectStore();
    const blocks = sizes.map((size) => randomBytes(size));
    const result = await write(blocks, objects);
    expect(partsOf(result)).toHaveLength(parts);
    expect([...objects.objects.keys()].sort()).toEqual(partsOf(result).sort());
    expect(result.bytes).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect((await read(result, objects)).equals(Buffer.concat(blocks))).toBe(true);
  });

  it('comes back byte by byte, whatever its blocks, though it travelled as JSON', async () => {
    const block = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 2000 }),
      fc.integer({ min: 1, max: 400_000 }).map((length) => new Uint8Array(length)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 8 }), async (arrays) => {
        const objects = memoryObjectStore();
        const blocks = arrays.map((bytes) => Buffer.from(bytes));
        const result = JSON.parse(JSON.stringify(await write(blocks, objects)));
        expect((await read(result, objects)).equals(Buffer.concat(blocks))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('parts', () => {
  const blocks = ['one', 'two', 'three', 'four', 'five'].map((word) => Buffer.alloc(INLINE + 1, word));

  it('are in order though their uploads end in another', async () => {
    const objects = memoryObjectStore();
    const waiting: (() => void)[] = [];
    const put: ObjectStore['put'] = async (name, content, signal) => {
      const stored = await objects.put(name, content, signal);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return stored;
    };
    const written = write(blocks, { ...objects, put });
    for (let ended = 0; ended < blocks.length; ended++) {
      // The upload that started last ends first.
      await eventually(() => waiting.length > 0);
      waiting.pop()?.();
    }
    const result = await written;
    expect((await read(result, objects)).equals(Buffer.concat(blocks))).toBe(true);
  });

  it('are on their way three at a time at most, and the source waits for them', async () => {
    const objects = memoryObjectStore();
    const waiting: (() => void)[] = [];
    let most = 0;
    const put: ObjectStore['put'] = async (name, content, signal) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
      });
      return objects.put(name, content, signal);
    };
    const written = write([...blocks, ...blocks], { ...objects, put });
    for (let ended = 0; ended < 10; ended++) {
      await eventually(() => waiting.length === Math.min(3, 10 - ended));
      waiting.shift()?.();
    }
    await written;
    expect(most).toBe(3);
  });

  it('fail the result if one of them does, and leave the source', async () => {
    const objects = memoryObjectStore();
    const refusal = new Error('storage is away');
    let given = 0;
    let left = false;
    const source = sourceOf([]);
    source.blocks = (async function* () {
      try {
        for (; given < 1000; given++) yield Buffer.alloc(INLINE + 1);
      } finally {
        left = true;
      }
    })();
    const put: ObjectStore['put'] = async (name, content, signal) => {
      if (name.includes('2')) throw refusal;
      return objects.put(name, content, signal);
    };
    await expect(writeResult(source, 'parts/r/s/a/', { ...objects, put }, never)).rejects.toBe(refusal);
    expect(left).toBe(true);
    expect(given).toBeLessThan(10);
  });

  it('that are never stored are given up when the signal is aborted, and so is the source', async () => {
    const aborting = new AbortController();
    let left = false;
    const source = sourceOf([]);
    source.blocks = (async function* () {
      try {
        for (;;) yield Buffer.alloc(INLINE + 1);
      } finally {
        left = true;
      }
    })();
    let waiting = 0;
    const put: ObjectStore['put'] = (_name, _content, signal) => {
      waiting++;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const written = writeResult(source, 'parts/r/s/a/', { ...memoryObjectStore(), put }, aborting.signal);
    written.catch(() => {});
    await eventually(() => waiting === 3);
    const reason = new Error('nobody waits any more');
    aborting.abort(reason);
    await expect(written).rejects.toBe(reason);
    expect(left).toBe(true);
  });

  it('fail the result if the source does', async () => {
    const source = sourceOf([]);
    source.blocks = (async function* () {
      yield Buffer.alloc(INLINE + 1);
      throw new Error('the database is away');
    })();
    await expect(writeResult(source, 'parts/r/s/a/', memoryObjectStore(), never)).rejects.toThrow(
      'the database is away',
    );
  });

  it('that are damaged, swapped or missing are never read as if they were not', async () => {
    const objects = memoryObjectStore();
    const result = await write(blocks, objects);
    const [first = '', second = ''] = partsOf(result);
    const content = objects.objects.get(second) as Buffer;
    const damaged = Buffer.from(content);
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] as number) ^ 1;

    objects.objects.set(second, damaged);
    await expect(read(result, objects)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', kind: 'transient' });
    objects.objects.set(second, objects.objects.get(first) as Buffer);
    await expect(read(result, objects)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
    objects.objects.delete(second);
    await expect(read(result, objects)).rejects.toThrow(`no object ${second}`);
  });

  it('that are fewer than the manifest counted are refused for good, inline ones too', async () => {
    const objects = memoryObjectStore();
    const inline = { ...(await write([Buffer.from('1\n')], objects)), bytes: 3 };
    await expect(read(inline, objects)).rejects.toMatchObject({ code: 'RESULT_DAMAGED', kind: 'permanent' });

    const result = await write(blocks, objects);
    if ('parts' in result.content) result.content.parts.pop();
    await expect(read(result, objects)).rejects.toMatchObject({ code: 'RESULT_DAMAGED', kind: 'permanent' });
  });
});
