import type { Connection, ConnectionOptions } from 'mysql2';
import type { BoundQuery, TableReader } from '../../ports/table-reader.ts';
import { CsvRead } from './csv-read.ts';
import { mysqlFault } from './mysql-fault.ts';
import { fetchRows, killOnServer, openSnapshot } from './snapshot-connection.ts';

/** Opens one connection per read: a table function holds as many connections as it has queries under way, and none between them. */
export function mysqlTableReader(options: ConnectionOptions): TableReader {
  return {
    async read(queries, signal) {
      const { connection, asOf } = await openSnapshot(options).catch((error) => {
        throw mysqlFault(error);
      });
      const abandon = () => abandonConnection(options, connection);
      try {
        signal.throwIfAborted();
        const [first, all] = peek(queries);
        // Even the estimate waits while somebody holds the table.
        const expectedRows = first && (await Promise.race([estimateRows(connection, first), abortionOf(signal)]));
        const read = new CsvRead(connection, all);
        signal.addEventListener('abort', () => read.fail(signal.reason), { once: true });
        const columns = await read.columns();
        return {
          columns,
          dataAsOf: asOf,
          ...(expectedRows === undefined ? {} : { expectedRows }),
          rowsRead: () => read.rows,
          blocks: closing(read.blocks(), connection, abandon),
        };
      } catch (error) {
        await abandon();
        throw mysqlFault(error);
      }
    },
  };
}

/** Passes the blocks on; a read that ends early, for whatever reason, ends on the server too. */
async function* closing(blocks: AsyncIterable<Buffer>, connection: Connection, abandon: () => Promise<void>) {
  let complete = false;
  try {
    yield* blocks;
    complete = true;
  } finally {
    if (complete) connection.end();
    else await abandon();
  }
}

/** Without the KILL the server would work on until it next tries to send, which a sort or a slow scan may not do for minutes. */
async function abandonConnection(options: ConnectionOptions, connection: Connection): Promise<void> {
  connection.destroy();
  // The server may be gone, or the query done: there is nothing left to end then.
  await killOnServer(options, connection.threadId).catch(() => {});
}

/** Rejects when the signal fires. */
function abortionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** What the optimizer expects of the query's first table: good enough for a progress bar. */
async function estimateRows(connection: Connection, query: BoundQuery): Promise<number | undefined> {
  const [plan] = await fetchRows(connection, { ...query, sql: `EXPLAIN ${query.sql}` });
  const rows: unknown = plan?.rows;
  return typeof rows === 'number' ? rows : undefined;
}

function peek<T>(items: Iterable<T>): [T | undefined, Iterable<T>] {
  const iterator = items[Symbol.iterator]();
  const first = iterator.next();
  if (first.done) return [undefined, []];
  return [
    first.value,
    (function* () {
      yield first.value;
      yield* { [Symbol.iterator]: () => iterator };
    })(),
  ];
}
