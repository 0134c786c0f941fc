import type { Column } from '../domain/columns.ts';

/** SQL in the database's dialect, with `?` for each bound value. */
export interface BoundQuery {
  sql: string;
  bindings: readonly unknown[];
}

/** Queries that are pulled one at a time, as they are run. */
export type Queries = Iterable<BoundQuery> | AsyncIterable<BoundQuery>;

/** A read in progress. */
export interface TableRead {
  columns: Column[];
  /** When the snapshot that all rows come from was taken. */
  dataAsOf: Date;
  /** The server's estimate; absent if it has none. */
  expectedRows?: number;
  /** Returns the number of rows encoded so far; final once `blocks` has ended. */
  rowsRead(): number;
  /** Returns the size of the longest row encoded so far, in bytes. */
  longestRow(): number;
  /** CSV in blocks of whole rows and of bounded size. A block is valid until the next one is requested. */
  blocks: AsyncIterable<Buffer>;
}

/**
 * Reads one project's database. The queries of a read, of which there must be at least one, run one after another on
 * one consistent snapshot, and must all have the same columns. Aborting ends the query on the server, and fails the
 * read within seconds, even if the server has fallen silent. Faults are thrown as ReportErrors: permanent for what the
 * database refuses, transient for all others.
 */
export interface TableReader {
  /** Starts a read; resolves once the columns are known. */
  read(queries: Queries, signal: AbortSignal): Promise<TableRead>;
}
