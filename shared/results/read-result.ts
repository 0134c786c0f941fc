import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { ReportError } from '../domain/errors.ts';
import type { StoredRows } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { release } from '../runtime/release.ts';

const zstd = promisify(zstdDecompress);

/**
 * The output is collected in chunks. One chunk of this size holds a whole block; many small chunks would keep the
 * garbage collector busy.
 */
const CHUNK_BYTES = 8 * 1024 * 1024;

const decompress = (part: Buffer) => zstd(part, { chunkSize: Math.min(CHUNK_BYTES, Math.max(part.length * 16, 1024)) });

/**
 * Returns a source's rows as CSV bytes, in parts that must each be fetched once. Each part's checksum is verified
 * against the manifest. Once all parts are fetched, so is the sum of their bytes, so the output is what the source
 * counted.
 */
export function readResult({ content, bytes }: StoredRows, objects: ObjectStore): (() => Promise<Buffer>)[] {
  const stored =
    'inline' in content
      ? [async () => Buffer.from(content.inline, 'base64')]
      : content.parts.map(
          ({ object, crc32c }) =>
            () =>
              objects.get(object, crc32c),
        );
  let toFetch = stored.length;
  let found = 0;
  return stored.map((fetchOne) => async () => {
    const compressed = await fetchOne();
    const part = compressed.length > 0 ? await decompress(compressed) : compressed;
    release(compressed);
    found += part.length;
    if (--toFetch === 0 && found !== bytes) throw damaged(found, bytes);
    return part;
  });
}

function damaged(found: number, counted: number): ReportError {
  return new ReportError('RESULT_DAMAGED', `a source's result has ${found} bytes, its manifest says ${counted}`, {
    kind: 'permanent',
  });
}
