import { cloudStorage } from '../adapters/cloud-storage/cloud-storage.ts';
import { Crc32c } from '../adapters/cloud-storage/crc32c.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { once } from './once.ts';

/** Opens the object store. The library is loaded with the first object, because a small result needs no object. */
export function openObjectStore({ BUCKET }: { BUCKET: string }): ObjectStore {
  const openBucket = once(async () => {
    const { Storage } = await import('@google-cloud/storage');
    return new Storage({ crc32cGenerator: () => new Crc32c() }).bucket(BUCKET);
  });
  return cloudStorage(BUCKET, openBucket);
}
