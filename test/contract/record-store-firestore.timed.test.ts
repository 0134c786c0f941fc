import { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runFolder } from '../../infra/local-servers/run-folder.ts';
import { firestoreRecordStore } from '../../shared/adapters/firestore-record-store/firestore-record-store.ts';
import { cancel, startWriting } from '../../shared/domain/transitions.ts';
import {
  findFirestoreEmulator,
  type LocalFirestore,
  startFirestoreEmulator,
} from '../support/emulators/firestore-emulator.ts';
import { describeRecordStore } from './record-store.contract.ts';
import {
  createdAt,
  insert,
  newRecord,
  precedentsOf,
  type RecordStoreHarness,
  request,
} from './record-store-fixtures.ts';

const emulator = findFirestoreEmulator();
const isRequired = process.env.REQUIRE_FIRESTORE_EMULATOR === '1';
const describeIfInstalled = emulator || isRequired ? describe : describe.skip;
if (!emulator && !isRequired) {
  process.stderr.write(
    "Skipped: the Firestore record store; Google's Firestore emulator and Java are not both installed.\n",
  );
}

describeIfInstalled('the Firestore record store', () => {
  let server: LocalFirestore;
  let firestore: Firestore;
  let harness: RecordStoreHarness;

  beforeAll(async () => {
    if (!emulator) throw new Error('REQUIRE_FIRESTORE_EMULATOR is 1, but the emulator or Java is not installed');
    server = await startFirestoreEmulator(emulator, { dir: (await runFolder('firestore')).path });
    firestore = new Firestore(server.settings);
    const records = firestore.collection('fileDownloadRecords');
    harness = {
      store: firestoreRecordStore(firestore),
      open: () => firestoreRecordStore(new Firestore(server.settings)),
      forceStatus: (id, status) => records.doc(id).update({ status }),
      dropRecord: (id) => records.doc(id).delete(),
    };
  });

  afterAll(async () => {
    await harness?.store.close();
    await server?.stop();
  });

  describeRecordStore(() => harness);

  it('counts the orphan locks that it released', async () => {
    await harness.store.releaseOrphanLocks();
    const [ended, dropped] = [await insert(harness.store, newRecord()), await insert(harness.store, newRecord())];
    await harness.forceStatus(ended.id, 'CANCELLED');
    await harness.dropRecord(dropped.id);
    const locks = firestore.collection('fileDownloadLocks');
    expect((await locks.where('recordId', 'in', [ended.id, dropped.id]).get()).size).toBe(2);
    expect(await harness.store.releaseOrphanLocks()).toBe(2);
    expect((await locks.where('recordId', 'in', [ended.id, dropped.id]).get()).size).toBe(0);
  });

  it('releases no lock that another record has come to hold', async () => {
    const revived = await insert(harness.store, newRecord());
    await harness.forceStatus(revived.id, 'FAILED');
    const holder = await insert(harness.store, newRecord({ adminId: revived.adminId }));
    await harness.forceStatus(revived.id, 'QUEUED');
    await harness.store.update(revived.id, cancel(createdAt));
    expect(await precedentsOf(harness.store, revived)).toStrictEqual({ active: holder });
  });

  it('purges more keys than one commit takes', async () => {
    const record = await insert(harness.store, newRecord());
    const keys = firestore.collection('fileDownloadIdempotency');
    const writer = firestore.bulkWriter();
    for (let key = 0; key < 600; key += 1) void writer.create(keys.doc(), { recordId: record.id });
    await writer.close();
    await harness.store.purge(record.id);
    expect((await keys.where('recordId', '==', record.id).count().get()).data().count).toBe(0);
  });

  it('knows its own commit again when the answer was lost', async () => {
    const store = firestoreRecordStore(new ForgetfulFirestore(server.settings));
    const draft = newRecord({ status: 'WRITING' });
    expect(await request(store, draft, 'k')).toMatchObject({ outcome: 'inserted' });
    expect(await store.update(draft.id, startWriting(createdAt, {}))).toMatchObject({ token: 1 });
    expect(await harness.store.get(draft.id)).toMatchObject({ token: 1 });
    await store.close();
  });
});

/** Loses the response to every commit and repeats the commit, which then fails as if another writer had come first. */
class ForgetfulFirestore extends Firestore {
  override batch() {
    const batch = super.batch();
    const commit = batch.commit.bind(batch);
    batch.commit = async () => {
      await commit();
      return commit();
    };
    return batch;
  }
}
