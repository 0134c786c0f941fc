import { ConfigError } from '../config/parse-config.ts';
import type { RecordStore } from '../ports/record-store.ts';

/** The record store that the configuration names. Each client library is loaded only where it is used: it is a good part of a cold start. */
export async function openRecordStore(config: {
  RECORD_STORE: 'firestore' | 'mysql';
  RECORD_DATABASE_URL?: string | undefined;
}): Promise<RecordStore> {
  if (config.RECORD_STORE === 'firestore') {
    const [{ Firestore }, { firestoreRecordStore }] = await Promise.all([
      import('@google-cloud/firestore'),
      import('../adapters/firestore-record-store/firestore-record-store.ts'),
    ]);
    return firestoreRecordStore(new Firestore());
  }
  if (config.RECORD_DATABASE_URL === undefined) throw new ConfigError('RECORD_STORE=mysql needs RECORD_DATABASE_URL');
  const [{ createRecordPool }, { mysqlRecordStore }] = await Promise.all([
    import('../adapters/mysql-record-store/record-pool.ts'),
    import('../adapters/mysql-record-store/mysql-record-store.ts'),
  ]);
  return mysqlRecordStore(createRecordPool(config.RECORD_DATABASE_URL));
}
