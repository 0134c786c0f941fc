import type { Column } from '../domain/columns.ts';

export interface JoinSource {
  /** What the SQL calls it. */
  name: string;
  columns: Column[];
  /** Bytes of its longest row; a longer one fails the join. */
  longestRow: number;
  /** Its rows as CSV in parts of whole rows, one at least. Each is fetched once at most, a little before the join comes to it, and is the join's to give back. */
  parts: readonly (() => Promise<Buffer>)[];
}

export interface OutputColumn {
  name: string;
  /** Whether text that a spreadsheet would take for a formula is neutralised. */
  guarded: boolean;
}

export interface JoinRequest {
  sources: JoinSource[];
  /** SELECT over the sources by their names. */
  sql: string;
  /** The output's columns in order; each must be one of the SELECT's. */
  output: OutputColumn[];
}

/** Joins sources by SQL with flat memory. Engines: DuckDB. */
export interface Joiner {
  /**
   * The joined rows as CSV bytes without a header. The iteration fails, rather than ends, if the join fails or the rows in the bytes are
   * not as many as the join says it produced; the returned value is that number.
   */
  join(request: JoinRequest, signal: AbortSignal): AsyncGenerator<Buffer, number>;
}
