import type { Socket } from 'node:net';
import { type Connection, type ConnectionOptions, createConnection, type RowDataPacket } from 'mysql2';
import type { BoundQuery } from '../../ports/table-reader.ts';
import { answerWithin } from '../answer-within.ts';

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

/** A server that has fallen silent does not answer a KILL either, and must not hold a read that nobody wants. */
const KILL_MS = 3000;

/**
 * The server's host may die without a word. After this long without traffic the kernel probes the connection, and ends
 * it when ten probes, one a second, have no answer. The kernel's own default is two hours.
 */
const KEEP_ALIVE_MS = 10_000;

/**
 * Opens a connection with a read-only transaction, so that all queries on it see the database at one moment. An abort
 * closes the connection.
 */
export async function openSnapshot(
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<{ connection: Connection; asOf: Date }> {
  const connection = connect(options);
  try {
    return { connection, asOf: await Promise.race([beginSnapshot(connection), abortionOf(signal)]) };
  } catch (error) {
    hangUp(connection);
    throw error;
  }
}

/** Resolves to the moment of the snapshot, by the server's clock. */
async function beginSnapshot(connection: Connection): Promise<Date> {
  await fetchRows(connection, { sql: SESSION, bindings: [] });
  // At any lower isolation level there is no snapshot, and the server does not report that.
  await fetchRows(connection, { sql: 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', bindings: [] });
  await fetchRows(connection, { sql: 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', bindings: [] });
  const [row] = await fetchRows(connection, {
    sql: 'SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED) AS now_ms',
    bindings: [],
  });
  return new Date(Number(row?.now_ms));
}

/** Starts to connect. A fault of the login is passed to the first query. */
function connect(options: ConnectionOptions): Connection {
  const connection = createConnection({ ...options, keepAliveInitialDelay: KEEP_ALIVE_MS });
  // Later faults are passed to the query in progress; without a listener they would end the process.
  connection.on('error', () => {});
  return connection;
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
  const other = connect(options);
  try {
    await answerWithin(KILL_MS, () => fetchRows(other, { sql: `KILL ${threadId}`, bindings: [] }));
  } finally {
    hangUp(other);
  }
}

/**
 * Returns a promise that rejects when the signal is aborted. Every wait for the server needs it: mysql2 leaves the
 * queries of a connection that was hung up unsettled.
 */
export function abortionOf(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  aborted.catch(() => {});
  return aborted;
}

/**
 * Closes the connection immediately. mysql2's `destroy` only ends this side of the socket and waits for the other
 * side's end, which a paused connection never reads.
 */
export function hangUp(connection: Connection): void {
  connection.destroy();
  (connection as unknown as { stream: Socket }).stream.destroy();
}
