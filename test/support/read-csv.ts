import { parseString } from 'fast-csv';

/**
 * The cells of CSV as fast-csv reads them; NULL comes out as ''. It drops blanks and byte order marks that are not in
 * quotes from the beginning of a row, so a judged text should not stand first.
 */
export async function readCsv(csv: Buffer): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of parseString(csv.toString('utf8'))) rows.push(row);
  return rows;
}
