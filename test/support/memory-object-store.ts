import { crc32cOf } from '../../shared/adapters/cloud-storage/crc32c.ts';
import { ReportError } from '../../shared/domain/errors.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';

/** An in-memory ObjectStore for whole objects, without streaming and signing. */
export interface MemoryObjectStore extends ObjectStore {
  objects: Map<string, Buffer>;
}

export function memoryObjectStore(): MemoryObjectStore {
  const objects = new Map<string, Buffer>();
  const unused = () => {
    throw new Error('not part of this store');
  };
  return {
    objects,
    async put(name, content) {
      objects.set(name, Buffer.from(content));
      return { bytes: content.length, crc32c: crc32cOf(content) };
    },
    async get(name, crc32c) {
      const content = objects.get(name);
      if (!content) throw new Error(`no object ${name}`);
      if (crc32cOf(content) !== crc32c) throw new ReportError('CHECKSUM_MISMATCH', name, { kind: 'transient' });
      return Buffer.from(content);
    },
    async head(name, bytes) {
      const content = objects.get(name);
      if (!content) throw new Error(`no object ${name}`);
      return Buffer.from(content.subarray(0, bytes));
    },
    upload: unused,
    exists: unused,
    list: unused,
    delete: unused,
    signedUrl: unused,
    address: unused,
    nameOf: unused,
  };
}
