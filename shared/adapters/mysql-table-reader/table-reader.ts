import type { Connection, ConnectionOptions } from 'mysql2';
import { ReportError } from '../../domain/errors.ts';
import type { BoundQuery, Queries, TableReader } from '../../ports/table-reader.ts';
import { CsvRead } from './csv-read.ts';
import { mysqlFault } from './mysql-fault.ts';
import { abortionOf, fetchRows, hangUp, killOnServer, openSnapshot } from './snapshot-connection.ts';

/**
 * Returns a table reader that opens one connection per read: a table function holds as many connections as it has
 * queries in progress, and none between them.
 */
export function mysqlTableReader(options: ConnectionOptions): TableReader {
  return {
    async read(queries, signal) {
      const { connection, asOf } = await openSnapshot(options, signal).catch((error) => {
        throw mysqlFault(error);
      });
      let ended: Promise<void> | undefined;
      const abandon = () => {
        ended ??= abandonConnection(options, connection);
        return ended;
      };
      const finish = () => {
        ended ??= Promise.resolve(connection.end());
      };
      const aborted = abortionOf(signal);
      // The caller may be busy elsewhere, and the server should not have to wait for it.
      aborted.catch(abandon);
      try {
        const [first, all] = await peek(queries);
        // Even the estimate waits while another session locks the table.
        const expectedRows = await Promise.race([estimateRows(connection, first), aborted]);
        const read = new CsvRead(connection, all);
        aborted.catch((reason) => read.fail(reason));
        const columns = await read.columns();
        return {
          columns,
          dataAsOf: asOf,
          ...(expectedRows === undefined ? {} : { expectedRows }),
          rowsRead: () => read.rows,
          longestRow: () => read.longestRow,
          blocks: closing(read.blocks(), finish, abandon),
        };
      } catch (error) {
        await abandon();
        throw mysqlFault(error);
      }
    },
  };
}

/** Passes the blocks on. A read that ends early, for whatever reason, also ends on the server. */
async function* closing(blocks: AsyncIterable<Buffer>, finish: () => void, abandon: () => Promise<void>) {
  let complete = false;
  try {
    yield* blocks;
    complete = true;
  } finally {
    if (complete) finish();
    else await abandon();
  }
}

/**
 * Closes the connection and ends it on the server. Without the KILL, the server would continue until it next tries to
 * send, which may take minutes during a sort or a slow scan.
 */
async function abandonConnection(options: ConnectionOptions, connection: Connection): Promise<void> {
  hangUp(connection);
  // A failure means that the server is gone or the query is done: then there is nothing left to end.
  await killOnServer(options, connection.threadId).catch(() => {});
}

/**
 * Returns how many rows the optimizer expects of the query's first table: good enough for a progress bar, and no reason
 * to fail a read. MariaDB returns the number as text.
 */
async function estimateRows(connection: Connection, query: BoundQuery): Promise<number | undefined> {
  const [plan] = await fetchRows(connection, { ...query, sql: `EXPLAIN ${query.sql}` }).catch(() => []);
  const rows = Number(plan?.rows ?? Number.NaN);
  return Number.isFinite(rows) ? rows : undefined;
}

/** Returns the first query, and an iterable over all queries. */
async function peek(queries: Queries): Promise<[BoundQuery, AsyncIterable<BoundQuery>]> {
  const all = (async function* () {
    yield* queries;
  })();
  const first = await all.next();
  if (first.done) throw new ReportError('NO_QUERY', 'there is no query to read', { kind: 'permanent' });
  return [
    first.value,
    (async function* () {
      yield first.value;
      yield* all;
    })(),
  ];
}
