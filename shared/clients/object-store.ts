import { cloudStorage } from '../adapters/cloud-storage/cloud-storage.ts';
import { Crc32c } from '../adapters/cloud-storage/crc32c.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { once } from './once.ts';

/** The library is loaded with the first object: a small result needs none. */
export function openObjectStore({ BUCKET }: { BUCKET: string }): ObjectStore {
  const openBucket = once(async () => {
    const { Storage } = await import('@google-cloud/storage');
    return new Storage({ crc32cGenerator: () => new Crc32c() }).bucket(BUCKET);
  });
  return cloudStorage(BUCKET, openBucket);
}
