import type { Column } from '../domain/columns.ts';

/** SQL in the database's dialect, with `?` for each bound value. */
export interface BoundQuery {
  sql: string;
  bindings: readonly unknown[];
}

/** Asked for one by one, as they are run. */
export type Queries = Iterable<BoundQuery> | AsyncIterable<BoundQuery>;

/** A running read. */
export interface TableRead {
  columns: Column[];
  /** When the snapshot was taken that every row comes from. */
  dataAsOf: Date;
  /** The server's estimate; absent where it has none. */
  expectedRows?: number;
  /** Rows encoded so far; final once `blocks` has ended. */
  rowsRead(): number;
  /** The bytes of the longest of them. */
  longestRow(): number;
  /** CSV bytes in blocks of whole rows and bounded size. A block is valid until the next one is asked for. */
  blocks: AsyncIterable<Buffer>;
}

/**
 * Reads one project's database. All queries of a read, at least one, run one after another on one consistent snapshot and must have the same
 * columns. Aborting ends the query on the server. Faults surface as ReportErrors: permanent for what the database refuses, transient for the rest.
 */
export interface TableReader {
  read(queries: Queries, signal: AbortSignal): Promise<TableRead>;
}
