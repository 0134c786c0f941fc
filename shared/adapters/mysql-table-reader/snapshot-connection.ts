import type { Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection, type RowDataPacket } from 'mysql2';
import type { BoundQuery } from '../../ports/table-reader.ts';

/** The server disconnects a client that does not read for this long; a read pauses while its parts are stored. */
const STALLED_CLIENT_SECONDS = 600;

/**
 * The settings that the session needs, whatever the server's defaults and its `init_connect` are. The client inserts
 * values into the SQL in UTF-8, whose bytes a session in GBK could interpret as a quote, and with backslash escapes. A
 * limit on rows would produce a result that is short but looks complete.
 */
const SESSION = `SET SESSION
  net_write_timeout = ${STALLED_CLIENT_SECONDS},
  sql_mode = REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''),
  sql_select_limit = 18446744073709551615,
  character_set_client = utf8mb4,
  character_set_results = utf8mb4,
  collation_connection = utf8mb4_unicode_ci`;

/** Opens a connection with a read-only transaction, so that all queries on it see the database at one moment. */
export async function openSnapshot(options: ConnectionOptions): Promise<{ connection: Connection; asOf: Date }> {
  const connection = await connect(options);
  try {
    await fetchRows(connection, { sql: SESSION, bindings: [] });
    // At any lower isolation level there is no snapshot, and the server does not report that.
    await fetchRows(connection, { sql: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', bindings: [] });
    await fetchRows(connection, { sql: 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', bindings: [] });
    const [row] = await fetchRows(connection, {
      sql: 'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED) AS now_ms',
      bindings: [],
    });
    return { connection, asOf: new Date(Number(row?.now_ms)) };
  } catch (error) {
    hangUp(connection);
    throw error;
  }
}

export function connect(options: ConnectionOptions): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(options);
    // Later faults are passed to the query in progress; without a listener they would end the process.
    connection.on('error', () => {});
    connection.connect((error) => {
      if (!error) return resolve(connection);
      hangUp(connection);
      reject(error);
    });
  });
}

export function fetchRows(connection: Connection, query: BoundQuery): Promise<RowDataPacket[]> {
  return new Promise((resolve, reject) => {
    connection.query<RowDataPacket[]>(query.sql, [...query.bindings], (error, rows) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}

/** Ends the connection on the server, together with its running query. A user may kill their own connections. */
export async function killOnServer(options: ConnectionOptions, threadId: number): Promise<void> {
  const other = await connect(options);
  try {
    await fetchRows(other, { sql: `KILL ${threadId}`, bindings: [] });
  } finally {
    hangUp(other);
  }
}

/**
 * Closes the connection immediately. mysql2's `destroy` only ends this side of the socket and waits for the other
 * side's end, which a paused connection never reads.
 */
export function hangUp(connection: Connection): void {
  connection.destroy();
  (connection as unknown as { stream: Socket }).stream.destroy();
}
