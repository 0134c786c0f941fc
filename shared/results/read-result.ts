import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { ReportError } from '../domain/errors.ts';
import type { Part, SourceResult } from '../domain/source-result.ts';
import type { ObjectStore } from '../ports/object-store.ts';

const zstd = promisify(zstdDecompress);

/** The output is gathered in chunks: one of this size holds a whole block, where many small ones would keep the garbage collector busy. */
const CHUNK_BYTES = 4 * 1024 * 1024;

const decompress = (part: Buffer) => zstd(part, { chunkSize: Math.min(CHUNK_BYTES, Math.max(part.length * 16, 1024)) });

/**
 * A source's rows as CSV bytes, part after part, the next one fetched while this one is used. Every part's checksum is held against the manifest, and
 * so is the sum of bytes, so what comes out is what the source counted.
 */
export async function* readResult(result: SourceResult, objects: ObjectStore): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const block of blocksOf(result, objects)) {
    bytes += block.length;
    yield block;
  }
  if (bytes !== result.bytes) {
    throw new ReportError('RESULT_DAMAGED', `a source's result has ${bytes} bytes, its manifest says ${result.bytes}`, {
      kind: 'permanent',
    });
  }
}

async function* blocksOf({ content }: SourceResult, objects: ObjectStore): AsyncGenerator<Buffer, void> {
  if ('inline' in content) {
    if (content.inline !== '') yield await decompress(Buffer.from(content.inline, 'base64'));
    return;
  }
  let upcoming = fetchPart(content.parts[0], objects);
  for (let index = 0; index < content.parts.length; index++) {
    const block = await upcoming;
    upcoming = fetchPart(content.parts[index + 1], objects);
    if (block) yield block;
  }
}

/** Awaited a turn later: a fault meanwhile must not count as unhandled. */
function fetchPart(part: Part | undefined, objects: ObjectStore): Promise<Buffer | undefined> {
  const fetched = part
    ? objects.get(part.object, part.crc32c).then((content) => decompress(content))
    : Promise.resolve(undefined);
  fetched.catch(() => {});
  return fetched;
}
