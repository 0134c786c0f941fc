import { afterAll, beforeAll, describe } from '@jest/globals';
import type { LocalMariaDb } from '../../infra/local-servers/mariadb.ts';
import { mysqlRecordStore } from '../../shared/adapters/mysql-record-store/mysql-record-store.ts';
import { createRecordPool } from '../../shared/adapters/mysql-record-store/record-pool.ts';
import { describeRecordStore } from './record-store.contract.ts';
import { startRecordDatabase } from './record-store-database.ts';
import type { RecordStoreHarness } from './record-store-fixtures.ts';

let db: LocalMariaDb;
let url: string;

beforeAll(async () => {
  ({ db, url } = await startRecordDatabase());
});

afterAll(() => db.stop());

describe.each(['REPEATABLE READ', 'READ COMMITTED'])('the MySQL record store under %s', (isolation) => {
  const table = 'plt_basic.file_download_record';
  let harness: RecordStoreHarness;

  beforeAll(async () => {
    await db.sql(`SET GLOBAL TRANSACTION ISOLATION LEVEL ${isolation}`);
    harness = {
      store: mysqlRecordStore(createRecordPool(url)),
      open: () => mysqlRecordStore(createRecordPool(url)),
      forceStatus: (id, status) => db.sql(`UPDATE ${table} SET status = ? WHERE id = ?`, [status, id]),
      dropRecord: (id) => db.sql(`DELETE FROM ${table} WHERE id = ?`, [id]),
    };
  });

  afterAll(() => harness.store.close());

  describeRecordStore(() => harness);
});
