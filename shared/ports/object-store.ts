export interface StoredObject {
  bytes: number;
  /** Base64 of the big-endian CRC-32C. */
  crc32c: string;
}

/** What a download is saved as. */
export interface FileNames {
  /** Any Unicode. */
  fileName: string;
  /** For programs that know no other: letters, digits, points and hyphens of ASCII. */
  plainName: string;
}

/** Cloud Storage, in one bucket. Whatever it throws counts as transient. */
export interface ObjectStore {
  /** Creates an object; creating the very same one again is success. */
  put(name: string, content: Buffer): Promise<StoredObject>;
  /** The whole object, in a buffer that is the caller's; refused (transient) when its checksum is not `crc32c`. */
  get(name: string, crc32c: string): Promise<Buffer>;
  /** So many bytes from an object's beginning, or all there are; not checked against its checksum, which is the whole's. */
  head(name: string, bytes: number): Promise<Buffer>;
  /**
   * Streams into a new object by a resumable upload with flat memory. The object comes to be only after `content` has ended well, whole or not at all,
   * and only if none of that name exists. Resolves once the stored checksum agrees with what was streamed.
   */
  upload(name: string, content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<StoredObject>;
  exists(name: string): Promise<boolean>;
  list(prefix: string): Promise<string[]>;
  /** Deleting what is gone already is success. */
  delete(name: string): Promise<void>;
  /** A V4 signed GET URL. */
  signedUrl(name: string, options: FileNames & { expiresInSeconds: number }): Promise<string>;
  /** The address that a record keeps: bucket and object, never a URL. */
  address(name: string): string;
  /** The object's name in this bucket. */
  nameOf(address: string): string;
}
