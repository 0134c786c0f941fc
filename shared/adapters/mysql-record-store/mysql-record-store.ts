import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { Precedents } from '../../domain/admission.ts';
import { lockOwner } from '../../domain/record.ts';
import type { Admission, RecordStore } from '../../ports/record-store.ts';
import { askRecordStore } from '../record-store-fault.ts';
import { inTransaction, lend } from './connections.ts';
import { isLostContest, isTransient } from './mysql-errors.ts';
import { pollChanges } from './poll-changes.ts';
import { toRecord, toRow } from './rows.ts';

type Value = string | number | boolean | Date | null;

/** The second transaction resolves a conflict, unless the winner of the first is gone again by then. */
const MAX_TRANSACTIONS = 5;

/**
 * Stores records in file_download_record and Idempotency-Keys in file_download_idempotency
 * (infra/schemas/plt_basic.sql), on a pool created by createRecordPool. The lock is a unique column derived from the
 * record's status, so no lock is ever an orphan.
 *
 * Correct under READ COMMITTED and REPEATABLE READ: unique keys decide a conflict, and its loser starts a new
 * transaction, because the snapshot of the old one would never show the winner's row. `update` reads with FOR UPDATE,
 * which sees the latest version.
 */
export function mysqlRecordStore(pool: Pool): RecordStore {
  const ask = <T>(use: (connection: PoolConnection) => Promise<T>) =>
    askRecordStore((signal) => lend(pool, signal, use), isTransient);

  const transact = <T>(work: (connection: PoolConnection) => Promise<T>) =>
    askRecordStore(async (signal) => {
      for (let started = 1; ; started += 1) {
        try {
          return await lend(pool, signal, (connection) => inTransaction(connection, work));
        } catch (error) {
          if (!isLostContest(error) || started === MAX_TRANSACTIONS) throw error;
        }
      }
    }, isTransient);

  return {
    admit: (admission, decide) =>
      transact(async (connection) => {
        const precedents = await findPrecedents(connection, admission);
        const decision = decide(precedents);
        const { insert, remember } = decision;
        if (insert) await insertRow(connection, 'file_download_record', toRow(insert));
        if (remember && admission.idempotency && !precedents.replay) {
          await insertRow(connection, 'file_download_idempotency', {
            lock_owner: lockOwner(admission.draft),
            idempotency_key: admission.idempotency.key,
            request_hash: admission.idempotency.requestHash,
            record_id: remember.id,
          });
        }
        return decision;
      }),

    async get(id) {
      const [record] = await ask((connection) => selectRecords(connection, 'WHERE id = ?', [id]));
      return record;
    },

    list({ source, adminId, departmentId, status, report, limit, before }) {
      const filters = equalities({ source, admin_id: adminId, department_id: departmentId, status, report });
      if (before !== undefined) filters.push({ condition: 'id < ?', value: before });
      const where = filters.map(({ condition }) => condition).join(' AND ');
      const values = filters.map(({ value }) => value);
      return ask((connection) =>
        selectRecords(connection, `WHERE ${where} ORDER BY id DESC LIMIT ?`, [...values, limit]),
      );
    },

    update: (id, transition) =>
      transact(async (connection) => {
        const [record] = await selectRecords(connection, 'WHERE id = ? FOR UPDATE', [id]);
        const changed = record && transition(record);
        if (changed) await updateRow(connection, id, toRow(changed));
        return changed;
      }),

    watch({ source, adminId, departmentId }, signal) {
      const filters = equalities({ source, admin_id: adminId, department_id: departmentId });
      const where = filters.map(({ condition }) => `${condition} AND`).join(' ');
      const values = filters.map(({ value }) => value);
      return pollChanges(
        (ms) =>
          ask((connection) =>
            selectRecords(connection, `WHERE ${where} changed_at >= UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND`, [
              ...values,
              Math.ceil(ms * 1000),
            ]),
          ),
        signal,
      );
    },

    due: (now, limit) =>
      ask((connection) => selectRecords(connection, 'WHERE sweep_at <= ? ORDER BY sweep_at, id LIMIT ?', [now, limit])),

    // There are no orphan locks, see above.
    releaseOrphanLocks: async () => 0,

    async purge(id) {
      // The foreign key also deletes the Idempotency-Keys bound to the record.
      await ask((connection) => connection.execute('DELETE FROM file_download_record WHERE id = ?', [id]));
    },

    close: () => pool.end(),
  };
}

async function findPrecedents(
  connection: PoolConnection,
  { draft, idempotency, reuseSince }: Admission,
): Promise<Precedents> {
  const precedents: Precedents = {};
  const owner = lockOwner(draft);
  if (idempotency) {
    const [row] = await select(
      connection,
      `SELECT record.*, request_hash FROM file_download_idempotency JOIN file_download_record record ON record.id = record_id
       WHERE lock_owner = ? AND idempotency_key = ?`,
      [owner, idempotency.key],
    );
    if (row) precedents.replay = { requestHash: row.request_hash, record: toRecord(row) };
  }
  const [active] = await selectRecords(connection, 'WHERE active_owner = ?', [owner]);
  if (active) precedents.active = active;
  if (reuseSince) {
    const [reusable] = await selectRecords(
      connection,
      `WHERE conditions_key = ? AND status = 'COMPLETED' AND completed_at > ? AND expires_at > ?
       ORDER BY completed_at DESC LIMIT 1`,
      [draft.conditionsKey, reuseSince, draft.createdAt],
    );
    if (reusable) precedents.reusable = reusable;
  }
  return precedents;
}

/**
 * Returns conditions for exact equality. The collation ignores trailing spaces and would take `7 ` for `7`, so the
 * lengths are compared too.
 */
function equalities(values: Record<string, string | undefined>): { condition: string; value: string }[] {
  return Object.entries(values).flatMap(([column, value]) => {
    if (value === undefined) return [];
    const conditions = [`${column} = ?`, `OCTET_LENGTH(${column}) = OCTET_LENGTH(?)`];
    return conditions.map((condition) => ({ condition, value }));
  });
}

async function selectRecords(connection: PoolConnection, clauses: string, values: Value[]) {
  return (await select(connection, `SELECT * FROM file_download_record ${clauses}`, values)).map(toRecord);
}

async function select(connection: PoolConnection, sql: string, values: Value[]): Promise<RowDataPacket[]> {
  const [rows] = await connection.execute<RowDataPacket[]>(sql, values);
  return rows;
}

async function insertRow(connection: PoolConnection, table: string, row: Record<string, Value>): Promise<void> {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?');
  await connection.execute(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks.join(', ')})`,
    Object.values(row),
  );
}

async function updateRow(connection: PoolConnection, id: string, row: Record<string, Value>): Promise<void> {
  const changes = [...Object.keys(row).map((column) => `${column} = ?`), 'changed_at = UTC_TIMESTAMP(3)'];
  await connection.execute(`UPDATE file_download_record SET ${changes.join(', ')} WHERE id = ?`, [
    ...Object.values(row),
    id,
  ]);
}
