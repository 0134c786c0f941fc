import type { Column } from '../domain/columns.ts';

export interface JoinSource {
  /** The source's name in the SQL. */
  name: string;
  columns: Column[];
  /** Size of the longest row in bytes; a longer row fails the join. */
  longestRow: number;
  /**
   * Functions that fetch the rows as CSV, in parts of whole rows; there is at least one part. Each part is fetched at
   * most once, shortly before the join reaches it. The join owns the buffer and releases it.
   */
  parts: readonly (() => Promise<Buffer>)[];
}

export interface OutputColumn {
  name: string;
  /** Whether text that a spreadsheet would interpret as a formula is neutralised. */
  guarded: boolean;
}

export interface JoinRequest {
  sources: JoinSource[];
  /** A SELECT over the sources by name. */
  sql: string;
  /** The output columns in order; each must be a column of the SELECT. */
  output: OutputColumn[];
}

/** Joins sources by SQL, with flat memory usage. Engines: DuckDB. */
export interface Joiner {
  /**
   * Yields the joined rows as CSV bytes without a header, and returns the number of rows. Throws, instead of ending, if
   * the join fails or if the number of rows in the bytes differs from the number that the join reports.
   */
  join(request: JoinRequest, signal: AbortSignal): AsyncGenerator<Buffer, number>;
}
