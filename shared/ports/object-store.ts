export interface StoredObject {
  bytes: number;
  /** The big-endian CRC-32C in Base64. */
  crc32c: string;
}

/** The names under which a download is saved. */
export interface FileNames {
  /** Any Unicode. */
  fileName: string;
  /** Fallback for programs that do not support `fileName`: ASCII letters, digits, dots and hyphens. */
  plainName: string;
}

/**
 * One Cloud Storage bucket. Every error that it throws is treated as transient. If storage does not answer within 10 s,
 * or within 60 s when it takes or sends a part or a chunk of an upload, the operation fails with a transient
 * ReportError, STORAGE_UNAVAILABLE; it may still take effect.
 */
export interface ObjectStore {
  /**
   * Creates an object. Succeeds if the object already exists with the same content. Rejects with the signal's reason as
   * soon as the signal is aborted.
   */
  put(name: string, content: Buffer, signal: AbortSignal): Promise<StoredObject>;
  /** Reads a whole object into a buffer that the caller owns. Rejects (transient) if its checksum is not `crc32c`. */
  get(name: string, crc32c: string): Promise<Buffer>;
  /**
   * Reads the first `bytes` bytes of an object, or all of it if it is shorter. Does not verify the checksum, which
   * covers the whole object.
   */
  head(name: string, bytes: number): Promise<Buffer>;
  /**
   * Streams `content` into a new object through a resumable upload with flat memory usage. The object appears only
   * after `content` has ended without an error, always complete, and only if no object of that name exists. Resolves
   * once the stored checksum matches the streamed content.
   */
  upload(name: string, content: AsyncIterable<Buffer>, signal: AbortSignal): Promise<StoredObject>;
  /** Resolves to whether the object exists. */
  exists(name: string): Promise<boolean>;
  /** Resolves to the names of all objects that start with `prefix`. */
  list(prefix: string): Promise<string[]>;
  /** Deletes an object. Succeeds if the object does not exist. */
  delete(name: string): Promise<void>;
  /** Creates a V4 signed GET URL that saves the object under the given names. */
  signedUrl(name: string, options: FileNames & { expiresInSeconds: number }): Promise<string>;
  /** Returns the address that a record stores: bucket and object, never a URL. */
  address(name: string): string;
  /** Returns the name of the object at an address in this bucket. */
  nameOf(address: string): string;
}
