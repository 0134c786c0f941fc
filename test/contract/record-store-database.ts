import { readFile } from 'node:fs/promises';
import { createConnection } from 'mysql2/promise';
import { type LocalMariaDb, startMariaDb } from '../../infra/local-servers/mariadb.ts';
import { runFolder } from '../../infra/local-servers/run-folder.ts';

/**
 * Starts a MariaDB with the record store's tables. The migration runs three times, as it may, the second time on a
 * table that has no costs yet. The time zone is not UTC, which no adapter should notice. `url` is for createRecordPool.
 */
export async function startRecordDatabase(): Promise<{ db: LocalMariaDb; url: string }> {
  const { path } = await runFolder('record-store');
  const db = await startMariaDb({ dir: path, bufferPoolMiB: 32 });
  const { user, password } = db.root;
  const connection = await createConnection({ host: db.host, port: db.port, user, password, multipleStatements: true });
  const migration = await readFile(new URL('../../infra/schemas/plt_basic.sql', import.meta.url), 'utf8');
  await connection.query(migration);
  await connection.query('ALTER TABLE plt_basic.file_download_record DROP COLUMN cost');
  await connection.query(migration);
  await connection.query(migration);
  await connection.end();
  await db.sql(`SET GLOBAL time_zone = '+08:00'`);
  return { db, url: `mysql://${user}:${password}@${db.host}:${db.port}/plt_basic` };
}
