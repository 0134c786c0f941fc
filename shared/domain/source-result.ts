import { createHash } from 'node:crypto';
import type { Column } from './columns.ts';
import type { Effort } from './cost.ts';
import type { SourceProgress } from './record.ts';

/** A piece of a source's result: one object of zstd-compressed CSV, of whole rows if a table gave them. */
export interface Part {
  object: string;
  /** Size and checksum of the object as stored. */
  bytes: number;
  crc32c: string;
}

/**
 * Rows and where they are. They are CSV without a header, LF after each row, NULL as nothing and '' as `""`; few
 * are here themselves, of many the parts are named, whose contents make up the CSV one after another.
 */
export interface StoredRows {
  columns: Column[];
  rows: number;
  /** Of the uncompressed CSV. */
  bytes: number;
  /** Bytes of its longest row: whoever reads the CSV needs a buffer that holds it. */
  longestRow: number;
  /** ISO 8601, UTC: when the snapshot was taken that all rows come from. */
  dataAsOf: string;
  content: { inline: string } | { parts: Part[] };
}

/** What a source found: the manifest that the fan-in keeps. */
export interface SourceResult extends StoredRows {
  /** Of the attempt that made it; of those before it nobody knows. */
  effort: Effort;
}

/** The keys that a source's query is limited to. */
export interface ShapedKeys extends SourceResult {
  /** The `fingerprint` of the results that they were shaped from. */
  from: string;
}

/** The same for the same results, and for no others: each attempt stores parts of its own, and tells its own moment. */
export function fingerprint(results: readonly SourceResult[]): string {
  return createHash('md5').update(JSON.stringify(results)).digest('hex');
}

/** What a record shows of a source that is done. */
export function doneProgress({ rows, bytes, dataAsOf, effort }: SourceResult): Partial<SourceProgress> {
  return { status: 'DONE', rows, bytes, dataAsOf: new Date(dataAsOf), seconds: effort.seconds };
}
