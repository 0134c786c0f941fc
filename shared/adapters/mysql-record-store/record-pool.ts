import { createPool, type Pool } from 'mysql2/promise';

/**
 * Creates a pool for mysqlRecordStore. The database in `url` (`mysql://user:password@host:port/plt_basic`) must have
 * the tables of infra/schemas/plt_basic.sql. The pool has two connections: an instance rarely needs more, and all
 * instances together must stay below what the server allows.
 */
export function createRecordPool(url: string): Pool {
  const pool = createPool({
    uri: url,
    connectionLimit: 2,
    connectTimeout: 5000,
    // DATETIME columns hold UTC, regardless of the time zones of this process, the session and the server.
    timezone: 'Z',
    // Returns MySQL's JSON columns as text, as MariaDB does.
    jsonStrings: true,
  });
  // Overrides the session settings of the server's `init_connect`. A connection's queries run in order: this one is the
  // first.
  pool.pool.on('connection', (connection) => connection.query('SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci'));
  return pool;
}
