import { Storage } from '@google-cloud/storage';
import { cloudStorage } from '../adapters/cloud-storage/cloud-storage.ts';
import { Crc32c } from '../adapters/cloud-storage/crc32c.ts';
import type { ObjectStore } from '../ports/object-store.ts';

export function openObjectStore({ BUCKET }: { BUCKET: string }): ObjectStore {
  return cloudStorage(new Storage({ crc32cGenerator: () => new Crc32c() }).bucket(BUCKET));
}
