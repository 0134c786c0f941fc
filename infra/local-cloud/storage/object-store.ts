import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeCrc32c } from './crc32c.ts';
import { invalid, noSuchBucket, noSuchObject, StorageError } from './errors.ts';
import type { PartialFile } from './partial-file.ts';
import { checkPreconditions } from './preconditions.ts';

/** The metadata that a client may set. */
export interface ObjectFields {
  contentType?: string;
  contentEncoding?: string;
  contentDisposition?: string;
  contentLanguage?: string;
  cacheControl?: string;
  customTime?: string;
  metadata?: Record<string, string | null>;
}

/** The JSON API's Object resource. 64-bit numbers are strings, times RFC 3339. */
export interface ObjectResource extends ObjectFields {
  kind: 'storage#object';
  id: string;
  bucket: string;
  name: string;
  generation: string;
  metageneration: string;
  size: string;
  crc32c: string;
  etag: string;
  storageClass: string;
  timeCreated: string;
  updated: string;
  componentCount?: number;
}

/** The destination of new content. The query contains the preconditions. */
export interface Destination {
  bucket: string;
  name: string;
  query: URLSearchParams;
}

/** An object's live version. `path` is the file of its content, which is removed with it. */
export interface StoredObject {
  resource: ObjectResource;
  path: string;
}

interface Bucket {
  resource: { name: string };
  objects: Map<string, StoredObject>;
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

/**
 * Buckets and objects: the index is in memory, each content in its own file. An object is created, replaced and removed
 * in the same synchronous step as the check of its preconditions, so of two concurrent writers one gets a 412.
 */
export class ObjectStore {
  readonly folder: string;
  #buckets = new Map<string, Bucket>();
  #lastGeneration = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  createBucket(asked: { name: string }): object {
    if (!BUCKET_NAME.test(asked.name)) throw invalid(`Invalid bucket name: '${asked.name}'`);
    if (this.#buckets.has(asked.name)) {
      throw new StorageError(
        409,
        'conflict',
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
      );
    }
    const now = new Date().toISOString();
    const resource = {
      location: 'US',
      storageClass: 'STANDARD',
      ...asked,
      kind: 'storage#bucket',
      id: asked.name,
      metageneration: '1',
      timeCreated: now,
      updated: now,
    };
    this.#buckets.set(asked.name, { resource, objects: new Map() });
    return resource;
  }

  listBuckets(): object[] {
    return [...this.#buckets.values()].map(({ resource }) => resource);
  }

  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw noSuchBucket();
    return bucket;
  }

  /** The live version, subject to the query's `generation` and preconditions. Throws 404 and 412. */
  find(bucketName: string, name: string, query: URLSearchParams): StoredObject {
    const object = this.bucket(bucketName).objects.get(name);
    const generation = query.get('generation');
    if (!object || (generation !== null && generation !== object.resource.generation)) {
      throw noSuchObject(`${bucketName}/${name}`);
    }
    checkPreconditions(query, object.resource);
    return object;
  }

  /** Checks in advance what `insert` checks, so that a client gets a 412 before it sends the content. */
  checkInsert({ bucket, name, query }: Destination): void {
    const bytes = Buffer.byteLength(name);
    if (bytes < 1 || bytes > 1024 || /[\r\n]/.test(name)) throw invalid(`Invalid object name: '${name}'`);
    checkPreconditions(query, this.bucket(bucket).objects.get(name)?.resource);
  }

  /** Stores the content as an object, and replaces a former version. The content is consumed, also on an error. */
  async insert(
    destination: Destination,
    content: PartialFile,
    fields: ObjectFields & { componentCount?: number },
  ): Promise<ObjectResource> {
    const { bucket, name } = destination;
    // As Cloud Storage's: microseconds since the epoch, never the same twice.
    this.#lastGeneration = Math.max(this.#lastGeneration + 1, Date.now() * 1000);
    const generation = String(this.#lastGeneration);
    const path = join(this.folder, generation);
    await content.moveTo(path);
    try {
      this.checkInsert(destination);
    } catch (error) {
      await rm(path);
      throw error;
    }
    const now = new Date().toISOString();
    const resource: ObjectResource = {
      ...fields,
      kind: 'storage#object',
      id: `${bucket}/${name}/${generation}`,
      bucket,
      name,
      generation,
      metageneration: '1',
      size: String(content.size),
      crc32c: encodeCrc32c(content.crc),
      etag: etag(generation, '1'),
      storageClass: 'STANDARD',
      timeCreated: now,
      updated: now,
    };
    const { objects } = this.bucket(bucket);
    const former = objects.get(name);
    objects.set(name, { resource, path });
    if (former) await rm(former.path, { force: true });
    return resource;
  }

  /** Changes fields; a null removes a field, also within `metadata`. */
  patch(object: StoredObject, fields: ObjectFields): ObjectResource {
    const { resource } = object;
    const metageneration = String(Number(resource.metageneration) + 1);
    object.resource = withoutNulls({
      ...resource,
      ...fields,
      metadata: withoutNulls({ ...resource.metadata, ...fields.metadata }),
      metageneration,
      etag: etag(resource.generation, metageneration),
      updated: new Date().toISOString(),
    });
    return object.resource;
  }

  async remove({ resource, path }: StoredObject): Promise<void> {
    this.bucket(resource.bucket).objects.delete(resource.name);
    await rm(path);
  }
}

const etag = (generation: string, metageneration: string) =>
  Buffer.from(`${generation}/${metageneration}`).toString('base64');

const withoutNulls = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as T;
