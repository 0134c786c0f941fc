import type { Column } from './columns.ts';
import type { SourceProgress } from './record.ts';

/** A piece of a source's result: one object of zstd-compressed CSV, of whole rows if a table gave them. */
export interface Part {
  object: string;
  /** Size and checksum of the object as stored. */
  bytes: number;
  crc32c: string;
}

/**
 * What a source found: the manifest that the fan-in keeps. The rows are CSV without a header, LF after each row, NULL as nothing and '' as `""`; a small result
 * carries them itself, a large one names the parts, whose contents make up the CSV one after another.
 */
export interface SourceResult {
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

/** What a record shows of a source that is done. */
export function doneProgress({ rows, bytes, dataAsOf }: SourceResult): Partial<SourceProgress> {
  return { status: 'DONE', rows, bytes, dataAsOf: new Date(dataAsOf) };
}
