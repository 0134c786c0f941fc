import { EventEmitter } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Bucket, File } from '@google-cloud/storage';
import { ReportError } from '../../domain/errors.ts';
import type { FileNames, ObjectStore, StoredObject } from '../../ports/object-store.ts';
import { answerWithin, NoAnswer } from '../answer-within.ts';
import { Crc32c, crc32cOf } from './crc32c.ts';

/** The chunk size of a resumable upload; one chunk is held in memory so that it can be sent again. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * The time limits of a call, including the client's retries. The client has none: its HTTP library ignores the option
 * `timeout`.
 */
const LIMITS_MS = {
  /** A request without content. A person may be waiting for the answer. */
  answer: 10_000,
  /** A part, or a chunk of an upload. Each is 8 MiB at most. */
  content: 60_000,
};

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
    put: (name, content, signal) => askStorage('content', async () => putOnce(await file(name), content), signal),

    async get(name, crc32c) {
      const download = async () => (await file(name)).download({ validation: false });
      const [content] = await askStorage('content', download);
      if (crc32cOf(content) !== crc32c) throw checksumMismatch(name);
      return content;
    },

    head: (name, bytes) =>
      askStorage(
        'answer',
        async () => (await (await file(name)).download({ start: 0, end: bytes - 1, validation: false }))[0],
      ),

    async upload(name, content, signal) {
      const object = await file(name);
      const sent = await send(object, content, signal);
      // The limit of content applies, because the upload would have to be made again.
      const stored = await askStorage('content', () => storedObject(object), signal);
      if (stored.bytes !== sent.bytes || stored.crc32c !== sent.crc32c) throw checksumMismatch(name);
      return stored;
    },

    exists: (name) => askStorage('answer', async () => (await (await file(name)).exists())[0]),

    list: (prefix) =>
      askStorage('answer', async () => {
        const [objects] = await (await openBucket()).getFiles({ prefix });
        return objects.map((object) => object.name);
      }),

    async delete(name) {
      await askStorage('answer', async () => (await file(name)).delete({ ignoreNotFound: true }));
    },

    async signedUrl(name, { expiresInSeconds, ...names }) {
      const sign = async () =>
        (await file(name)).getSignedUrl({
          version: 'v4',
          action: 'read',
          expires: Date.now() + expiresInSeconds * 1000,
          responseDisposition: attachment(names),
        });
      return (await askStorage('answer', sign))[0];
    },

    address: (name) => `gs://${bucketName}/${name}`,

    nameOf: (address) => address.slice(`gs://${bucketName}/`.length),
  };
}

/** Turns silence into a transient STORAGE_UNAVAILABLE. Any other error is rethrown unchanged. */
async function askStorage<T>(
  limit: keyof typeof LIMITS_MS,
  operation: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await answerWithin(LIMITS_MS[limit], operation, signal);
  } catch (error) {
    throw error instanceof NoAnswer ? storageSilent(error) : error;
  }
}

async function putOnce(object: File, content: Buffer): Promise<StoredObject> {
  const stored: StoredObject = { bytes: content.length, crc32c: crc32cOf(content) };
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
}

/**
 * Streams `content` into the object. The whole upload may take any time, and so may the content, but storage must take
 * each chunk within its time limit.
 */
async function send(object: File, content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<StoredObject> {
  const checksum = new Crc32c();
  let bytes = 0;
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expectStorage = () => {
    // A block of content may still arrive after the upload has failed.
    if (silence.signal.aborted) return;
    timer = setTimeout(() => silence.abort(new NoAnswer(LIMITS_MS.content)), LIMITS_MS.content);
  };
  try {
    await pipeline(
      content,
      async function* (blocks: AsyncIterable<Buffer>) {
        for await (const block of blocks) {
          checksum.update(block);
          bytes += block.length;
          expectStorage();
          yield block;
          clearTimeout(timer);
        }
        expectStorage();
      },
      object.createWriteStream({
        resumable: true,
        chunkSize: CHUNK_BYTES,
        validation: 'crc32c',
        preconditionOpts: CREATE_ONLY,
        metadata: { contentType: 'text/csv; charset=utf-8' },
      }),
      { signal: AbortSignal.any([signal, silence.signal]) },
    );
  } catch (error) {
    throw silence.signal.aborted ? storageSilent(silence.signal.reason) : error;
  } finally {
    silence.abort();
    clearTimeout(timer);
  }
  return { bytes, crc32c: checksum.toString() };
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

function storageSilent(cause: NoAnswer): ReportError {
  const message = `Cloud Storage does not answer: ${cause.message}`;
  return new ReportError('STORAGE_UNAVAILABLE', message, { kind: 'transient', cause });
}
