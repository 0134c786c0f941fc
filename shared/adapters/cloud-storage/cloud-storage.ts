import { EventEmitter } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Bucket, File } from '@google-cloud/storage';
import { ReportError } from '../../domain/errors.ts';
import type { FileNames, ObjectStore, StoredObject } from '../../ports/object-store.ts';
import { Crc32c, crc32cOf } from './crc32c.ts';

/** The chunk size of a resumable upload; one chunk is held in memory so that it can be sent again. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/** Objects are created, never replaced. */
const CREATE_ONLY = { ifGenerationMatch: 0 };

/**
 * The number of listeners that the client adds to a download's stream. Above ten, Node warns of a leak, once for each
 * download.
 */
const LISTENERS_OF_A_DOWNLOAD = 12;

/**
 * Returns an object store for one bucket. `openBucket` returns the bucket named `bucketName`, from a client created
 * with `crc32cGenerator: () => new Crc32c()`; it is called for each operation.
 */
export function cloudStorage(bucketName: string, openBucket: () => Promise<Bucket>): ObjectStore {
  const file = async (name: string) => (await openBucket()).file(name);
  EventEmitter.defaultMaxListeners = Math.max(EventEmitter.defaultMaxListeners, LISTENERS_OF_A_DOWNLOAD);
  return {
    async put(name, content) {
      const stored: StoredObject = { bytes: content.length, crc32c: crc32cOf(content) };
      const object = await file(name);
      try {
        await object.save(content, {
          resumable: false,
          validation: false,
          // The server rejects a body that does not match.
          metadata: { crc32c: stored.crc32c },
          preconditionOpts: CREATE_ONLY,
        });
      } catch (error) {
        // If the object exists with this checksum, the response to an earlier attempt was lost, and the object is this
        // one.
        if (!hasStatus(error, 412) || (await storedObject(object)).crc32c !== stored.crc32c) throw error;
      }
      return stored;
    },

    async get(name, crc32c) {
      const [content] = await (await file(name)).download({ validation: false });
      if (crc32cOf(content) !== crc32c) throw checksumMismatch(name);
      return content;
    },

    head: async (name, bytes) =>
      (await (await file(name)).download({ start: 0, end: bytes - 1, validation: false }))[0],

    async upload(name, content, signal) {
      const object = await file(name);
      const checksum = new Crc32c();
      let bytes = 0;
      await pipeline(
        content,
        async function* (blocks: AsyncIterable<Buffer>) {
          for await (const block of blocks) {
            checksum.update(block);
            bytes += block.length;
            yield block;
          }
        },
        object.createWriteStream({
          resumable: true,
          chunkSize: CHUNK_BYTES,
          validation: 'crc32c',
          preconditionOpts: CREATE_ONLY,
          metadata: { contentType: 'text/csv; charset=utf-8' },
        }),
        { signal },
      );
      const stored = await storedObject(object);
      if (stored.bytes !== bytes || stored.crc32c !== checksum.toString()) throw checksumMismatch(name);
      return stored;
    },

    exists: async (name) => (await (await file(name)).exists())[0],

    list: async (prefix) => (await (await openBucket()).getFiles({ prefix }))[0].map((object) => object.name),

    async delete(name) {
      await (await file(name)).delete({ ignoreNotFound: true });
    },

    async signedUrl(name, { expiresInSeconds, ...names }) {
      const [url] = await (await file(name)).getSignedUrl({
        version: 'v4',
        action: 'read',
        expires: Date.now() + expiresInSeconds * 1000,
        responseDisposition: attachment(names),
      });
      return url;
    },

    address: (name) => `gs://${bucketName}/${name}`,

    nameOf: (address) => address.slice(`gs://${bucketName}/`.length),
  };
}

async function storedObject(object: File): Promise<StoredObject> {
  const [metadata] = await object.getMetadata();
  return { bytes: Number(metadata.size), crc32c: metadata.crc32c ?? '' };
}

/**
 * Returns a Content-Disposition header (RFC 6266): a plain name for old programs, and the real name, percent-encoded as
 * RFC 8187 requires, for all others.
 */
function attachment({ fileName, plainName }: FileNames): string {
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plainName}"; filename*=UTF-8''${encoded}`;
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'code' in error && error.code === status;
}

function checksumMismatch(name: string): ReportError {
  return new ReportError('CHECKSUM_MISMATCH', `${name} is not what was sent`, { kind: 'transient' });
}
