import { createPool, type Pool } from 'mysql2/promise';

/**
 * A pool for mysqlRecordStore. The database that `url` names (`mysql://user:password@host:port/plt_basic`) has the
 * tables of infra/schemas/plt_basic.sql. Two connections: an instance rarely needs more, and all instances together
 * must stay below what the server allows.
 */
export function createRecordPool(url: string): Pool {
  const pool = createPool({
    uri: url,
    connectionLimit: 2,
    connectTimeout: 5000,
    // DATETIME columns hold UTC, whatever the time zones of this process, the session and the server.
    timezone: 'Z',
    // MySQL's JSON columns as text, as MariaDB has them.
    jsonStrings: true,
  });
  // Whatever the server's `init_connect` made of the session. A connection's queries run in order: this one is the first.
  pool.pool.on('connection', (connection) => connection.query('SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci'));
  return pool;
}
