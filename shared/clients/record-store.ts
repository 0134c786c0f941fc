import type { Catalogue } from '../catalogue/catalogue.ts';
import { ConfigError } from '../config/parse-config.ts';
import { type Logger, recordContext } from '../logging/logger.ts';
import { announcingRecordStore } from '../notification/announce.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { openEventPublisher } from './publishers.ts';

interface RecordStoreConfig {
  GOOGLE_CLOUD_PROJECT: string;
  RECORD_STORE: 'firestore' | 'mysql';
  RECORD_DATABASE_URL?: string | undefined;
  EVENT_TOPIC: string;
  PUBSUB_EMULATOR_HOST?: string | undefined;
}

/**
 * Opens the record store that the configuration names; it announces the terminal statuses of records. Each client
 * library is loaded only where it is used, because it accounts for a large part of a cold start.
 */
export async function openRecordStore(
  config: RecordStoreConfig,
  reports: Catalogue,
  log: Logger,
): Promise<RecordStore> {
  return announcingRecordStore(await openSilentStore(config), {
    reports,
    publisher: openEventPublisher(config),
    eventSource: `//report-download-center/${config.GOOGLE_CLOUD_PROJECT}`,
    logOf: (recordId) => log.child(recordContext(config.GOOGLE_CLOUD_PROJECT, recordId)),
  });
}

async function openSilentStore(config: RecordStoreConfig): Promise<RecordStore> {
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
