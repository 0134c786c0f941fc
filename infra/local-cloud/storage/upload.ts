import { encodeCrc32c } from './crc32c.ts';
import { invalid } from './errors.ts';
import type { Destination, ObjectFields, ObjectResource, ObjectStore } from './object-store.ts';
import { PartialFile } from './partial-file.ts';

/** A request's body. Its iteration throws if the connection breaks. */
export type Body = AsyncIterable<Buffer>;

/** The metadata that a client sends: fields to store, and a checksum to verify. */
export interface UploadMetadata extends ObjectFields {
  name?: string;
  crc32c?: string;
}

/** The metadata fields that a client may set. Others are ignored, as by Cloud Storage. */
const FIELDS = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'metadata',
] as const satisfies readonly (keyof ObjectFields)[];

export function fieldsOf(metadata: ObjectFields): ObjectFields {
  return Object.fromEntries(FIELDS.filter((field) => field in metadata).map((field) => [field, metadata[field]]));
}

/** Handles an upload in a single request. */
export async function uploadAtOnce(
  store: ObjectStore,
  destination: Destination,
  { metadata, media, hashHeader }: { metadata: UploadMetadata; media: Body; hashHeader: string | undefined },
): Promise<ObjectResource> {
  store.checkInsert(destination);
  const content = await PartialFile.create(store.folder);
  try {
    for await (const chunk of media) content.append(chunk);
  } catch (error) {
    await content.discard();
    throw error;
  }
  return finishUpload(store, destination, content, metadata, hashHeader);
}

/**
 * Stores complete content as an object, after verifying its CRC-32C against the one in the metadata or in X-Goog-Hash,
 * if there is one. The content is consumed, also on an error.
 */
export async function finishUpload(
  store: ObjectStore,
  destination: Destination,
  content: PartialFile,
  metadata: UploadMetadata,
  hashHeader: string | undefined,
): Promise<ObjectResource> {
  const computed = encodeCrc32c(content.crc);
  const fromHeader = /(?:^|,)\s*crc32c=([^,\s]+)/.exec(hashHeader ?? '')?.[1];
  for (const provided of [metadata.crc32c, fromHeader]) {
    if (provided === undefined || provided === computed) continue;
    await content.discard();
    throw invalid(`Provided CRC32C "${provided}" doesn't match calculated CRC32C "${computed}".`);
  }
  return store.insert(destination, content, fieldsOf(metadata));
}
