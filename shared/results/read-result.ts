import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { ReportError } from '../domain/errors.ts';
import type { SourceResult } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';

const zstd = promisify(zstdDecompress);

/** The output is gathered in chunks: one of this size holds a whole block, where many small ones would keep the garbage collector busy. */
const CHUNK_BYTES = 4 * 1024 * 1024;

const decompress = (part: Buffer) => zstd(part, { chunkSize: Math.min(CHUNK_BYTES, Math.max(part.length * 16, 1024)) });

/**
 * A source's rows as CSV bytes, in parts that are each to be fetched once. Every part's checksum is held against the manifest, and when all were
 * fetched so is the sum of their bytes, so what comes out is what the source counted.
 */
export function readResult({ content, bytes }: SourceResult, objects: ObjectStore): (() => Promise<Buffer>)[] {
  if ('inline' in content) {
    return [async () => (content.inline === '' ? Buffer.alloc(0) : decompress(Buffer.from(content.inline, 'base64')))];
  }
  let parts = content.parts.length;
  let expected = bytes;
  return content.parts.map(({ object, crc32c }) => async () => {
    const part = await decompress(await objects.get(object, crc32c));
    expected -= part.length;
    if (--parts === 0 && expected !== 0) throw damaged(bytes - expected, bytes);
    return part;
  });
}

function damaged(found: number, counted: number): ReportError {
  return new ReportError('RESULT_DAMAGED', `a source's result has ${found} bytes, its manifest says ${counted}`, {
    kind: 'permanent',
  });
}
