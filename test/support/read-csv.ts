import { parseString } from 'fast-csv';

/**
 * Parses CSV with fast-csv. NULL becomes ''. fast-csv drops unquoted blanks and byte order marks at the beginning of a
 * row, so a text under test should not be its first cell.
 */
export async function readCsv(csv: Buffer): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of parseString(csv.toString('utf8'))) rows.push(row);
  return rows;
}
