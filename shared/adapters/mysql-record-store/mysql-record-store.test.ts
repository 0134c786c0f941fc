import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { findFreePort } from '../../../infra/local-servers/local-server.ts';
import type { LocalMariaDb } from '../../../infra/local-servers/mariadb.ts';
import { startRecordDatabase } from '../../../test/contract/record-store-database.ts';
import { createdAt, insert, newRecord } from '../../../test/contract/record-store-fixtures.ts';
import { startWatch } from '../../../test/contract/record-store-watch.contract.ts';
import { startQuerying } from '../../domain/transitions.ts';
import type { RecordStore } from '../../ports/record-store.ts';
import { mysqlRecordStore } from './mysql-record-store.ts';
import { createRecordPool } from './record-pool.ts';

const unavailable = { code: 'RECORD_STORE_UNAVAILABLE', kind: 'transient' };

let db: LocalMariaDb;
let url: string;
let store: RecordStore;

beforeAll(async () => {
  ({ db, url } = await startRecordDatabase());
  store = mysqlRecordStore(createRecordPool(url));
});

afterAll(async () => {
  await store.close();
  await db.stop();
});

it('a record keeps its texts, in whatever character set the server begins sessions', async () => {
  // init_connect does not apply to root's sessions.
  await db.sql("CREATE USER portal@'127.0.0.1' IDENTIFIED BY 'secret'");
  await db.sql("GRANT SELECT, INSERT, UPDATE, DELETE ON plt_basic.* TO portal@'127.0.0.1'");
  await db.sql("SET GLOBAL init_connect = 'SET NAMES latin1'");
  const login = Object.assign(new URL(url), { username: 'portal', password: 'secret' });
  const begun = mysqlRecordStore(createRecordPool(login.href));
  try {
    const record = newRecord({ conditions: { name: '恭喜🧧' } });
    await insert(begun, record);
    expect((await store.get(record.id))?.conditions).toEqual({ name: '恭喜🧧' });
    expect((await begun.get(record.id))?.conditions).toEqual({ name: '恭喜🧧' });
  } finally {
    await db.sql("SET GLOBAL init_connect = ''");
    await begun.close();
  }
});

describe('the table', () => {
  it('names its columns as they were asked for', async () => {
    const columns = await db.sql<{ name: string; comment: string }>(
      `SELECT column_name AS name, column_comment AS comment FROM information_schema.columns
       WHERE table_name = 'file_download_record'`,
    );
    const askedFor = Object.fromEntries(columns.map(({ name, comment }) => [name, comment.split(' (')[0]]));
    expect(askedFor).toMatchObject({
      id: 'id',
      source: '报表来源',
      report: '报表枚举',
      conditions_key: '数据检索条件key值',
      conditions: 'query data json',
      file_address: '文件地址',
      department_id: '部门Id',
      admin_id: '管理员id',
      status: 'status',
      created_at: '创建时间',
      completed_at: '完成時間',
    });
  });

  it('holds UTC, whatever the time zones of server and process', async () => {
    const record = await insert(store, newRecord());
    const script = `
      import { mysqlRecordStore } from '${import.meta.resolve('./mysql-record-store.ts')}';
      import { createRecordPool } from '${import.meta.resolve('./record-pool.ts')}';
      const store = mysqlRecordStore(createRecordPool(process.env.RECORD_URL));
      await store.update('${record.id}', (record) => ({ ...record, deadline: new Date('${createdAt.toISOString()}') }));
      await store.close();`;
    const env = { ...process.env, TZ: 'America/New_York', RECORD_URL: url };
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });

    expect((await store.get(record.id))?.deadline).toStrictEqual(createdAt);
    const [row] = await db.sql(
      'SELECT created_at, deadline, @@session.time_zone AS zone FROM plt_basic.file_download_record WHERE id = ?',
      [record.id],
    );
    const utc = '2026-03-01 12:00:00.123';
    expect(row).toStrictEqual({ created_at: utc, deadline: utc, zone: '+08:00' });
  });
});

describe('the store is unavailable for the moment', () => {
  /** Starts a change that waits for a row locked by another connection. */
  async function startBlockedChange() {
    const { id } = await insert(store, newRecord());
    const blocker = await createConnection(url);
    await blocker.query('START TRANSACTION');
    await blocker.query('SELECT id FROM file_download_record WHERE id = ? FOR UPDATE', [id]);
    return { id, change: store.update(id, startQuerying(createdAt)), unblock: () => blocker.end() };
  }

  it('when it refuses connections', async () => {
    const closed = mysqlRecordStore(createRecordPool(`mysql://nobody@127.0.0.1:${await findFreePort()}/plt_basic`));
    const draft = newRecord();
    await expect(closed.get(draft.id)).rejects.toMatchObject({ ...unavailable, cause: { code: 'ECONNREFUSED' } });
    await expect(startWatch(closed, { source: 'portal' })).rejects.toMatchObject(unavailable);
    await expect(closed.admit({ draft }, () => ({ insert: draft }))).rejects.toMatchObject(unavailable);
    await closed.close();
  });

  it('when a connection is lost, and changes nothing', async () => {
    const { id, change, unblock } = await startBlockedChange();
    const outcome = expect(change).rejects.toMatchObject(unavailable);
    const [waiting] = await until(() =>
      db.sql<{ id: number }>(`SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT%FOR UPDATE'`),
    );
    await db.sql('KILL ?', [waiting?.id]);
    await outcome;
    await unblock();
    expect((await store.get(id))?.status).toBe('QUEUED');
  });

  it('when it does not answer for 10 s, and changes nothing', async () => {
    const { id, change, unblock } = await startBlockedChange();
    await expect(change).rejects.toMatchObject(unavailable);
    await unblock();
    expect(await store.update(id, startQuerying(createdAt))).toMatchObject({ status: 'QUERYING' });
  });

  it('while it is down, and comes back by itself', async () => {
    const { id } = await insert(store, newRecord());
    const { pid } = db;
    db.kill('SIGKILL');
    await until(async () => (isRunning(pid) ? [] : [pid]));
    await expect(store.get(id)).rejects.toMatchObject(unavailable);
    await db.restart();
    expect((await store.get(id))?.id).toBe(id);
  });
});

describe('a watch', () => {
  it('tells a change that was committed long after it was made', async () => {
    const [late, next] = [newRecord(), newRecord()];
    const { source, departmentId } = late;
    await insert(store, late);
    await using watch = await startWatch(store, { source, departmentId });
    const writer = await createConnection(url);
    await writer.query('START TRANSACTION');
    await writer.query(`UPDATE file_download_record SET stage = 7, changed_at = UTC_TIMESTAMP(3) WHERE id = ?`, [
      late.id,
    ]);
    // Wait for a poll that sees the later record, but not yet this change.
    await watch.sees(await insert(store, next));
    expect(watch.seen.map(({ id }) => id)).toStrictEqual([next.id]);
    await writer.query('COMMIT');
    await watch.sees({ ...late, stage: 7 });
    await writer.end();
  });

  it('fails when the server goes away', async () => {
    const watch = await startWatch(store, { source: 'portal' });
    db.kill('SIGKILL');
    await expect(watch.ended).rejects.toMatchObject(unavailable);
    await db.restart();
  });
});

it('a refusal is no such thing, and thrown as it is', async () => {
  const elsewhere = mysqlRecordStore(createRecordPool(url.replace('plt_basic', 'mysql')));
  await expect(elsewhere.get('x')).rejects.toMatchObject({ code: 'ER_NO_SUCH_TABLE' });
  await elsewhere.close();
  const stranger = mysqlRecordStore(createRecordPool(url.replace(db.root.password, 'wrong')));
  await expect(stranger.get('x')).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
  await stranger.close();
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Repeats `ask` until it finds something, for at most 5 s. */
async function until<T>(ask: () => Promise<T[]>): Promise<T[]> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const found = await ask();
    if (found.length > 0 || Date.now() > deadline) return found;
    await sleep(20);
  }
}
