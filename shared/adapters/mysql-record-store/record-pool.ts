import { createPool, type Pool } from 'mysql2/promise';

/**
 * A pool for mysqlRecordStore. The database that `url` names (`mysql://user:password@host:port/plt_basic`) has the
 * tables of infra/schemas/plt_basic.sql. Two connections: an instance rarely needs more, and all instances together
 * must stay below what the server allows.
 */
export function createRecordPool(url: string): Pool {
  return createPool({
    uri: url,
    connectionLimit: 2,
    connectTimeout: 5000,
    // DATETIME columns hold UTC, whatever the time zones of this process, the session and the server.
    timezone: 'Z',
    // MySQL's JSON columns as text, as MariaDB has them.
    jsonStrings: true,
  });
}
