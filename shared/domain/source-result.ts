import { createHash } from 'node:crypto';
import type { Column } from './columns.ts';
import type { Effort } from './cost.ts';
import type { SourceProgress } from './record.ts';

/**
 * A piece of a source's result: one object of zstd-compressed CSV. It consists of whole rows if it comes from a table.
 */
export interface Part {
  object: string;
  /** Size and checksum of the object as stored. */
  bytes: number;
  crc32c: string;
}

/**
 * Rows and where they are stored. The rows are CSV without a header, with LF after each row, NULL as nothing and '' as
 * `""`. A few rows are stored inline. Many are stored in parts, listed here, whose contents form the CSV one after
 * another.
 */
export interface StoredRows {
  columns: Column[];
  rows: number;
  /** The size of the uncompressed CSV. */
  bytes: number;
  /** Bytes of the longest row: a reader of the CSV needs a buffer that holds it. */
  longestRow: number;
  /** ISO 8601, UTC: when the snapshot that all rows come from was taken. */
  dataAsOf: string;
  content: { inline: string } | { parts: Part[] };
}

/** A source's result: the manifest that the fan-in keeps. */
export interface SourceResult extends StoredRows {
  /** The effort of the attempt that made the result; the effort of earlier attempts is unknown. */
  effort: Effort;
}

/** The keys that a source's query is limited to. */
export interface ShapedKeys extends SourceResult {
  /** The `fingerprint` of the results that the keys were shaped from. */
  from: string;
}

/**
 * Returns a hash that is the same for the same results, and for no others: each attempt stores its own parts and states
 * its own time.
 */
export function fingerprint(results: readonly SourceResult[]): string {
  return createHash('md5').update(JSON.stringify(results)).digest('hex');
}

/** Returns what a record shows of a source that is done. */
export function doneProgress({ rows, bytes, dataAsOf, effort }: SourceResult): Partial<SourceProgress> {
  return { status: 'DONE', rows, bytes, dataAsOf: new Date(dataAsOf), seconds: effort.seconds };
}
