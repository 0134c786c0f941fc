import { parseString } from 'fast-csv';

export interface Preview {
  columns: string[];
  rows: string[][];
  /** Whether the file has more rows than these. */
  truncated: boolean;
}

const ROWS = 50;
/** As a rule that holds the rows, in one request. */
const FIRST_BYTES = 256 * 1024;
/** Where the rows take more than was read, more is; past this, fewer are shown, to spare the memory. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Longer cells are shortened. */
const CELL_CHARACTERS = 1000;

const QUOTE = 0x22;
const LF = 0x0a;

/** The first rows of a file of `totalRows` rows under a header, of whose beginning `head` gives so many bytes or all there are. */
export async function previewOf(head: (bytes: number) => Promise<Buffer>, totalRows: number): Promise<Preview> {
  let content: Buffer = Buffer.alloc(0);
  let shown = { rows: 0, bytes: 0 };
  // The header and the rows to be shown.
  for (let bytes = FIRST_BYTES; bytes <= MAX_BYTES && shown.rows < 1 + Math.min(ROWS, totalRows); bytes *= 8) {
    content = await head(bytes);
    shown = wholeRows(content, 1 + ROWS);
  }
  // The decoder takes the byte order mark away.
  const text = new TextDecoder().decode(content.subarray(0, shown.bytes));
  const read: string[][] = [];
  for await (const row of parseString<string[], string[]>(text)) read.push(row.map(shorten));
  const [columns = [], ...rows] = read;
  return { columns, rows, truncated: rows.length < totalRows };
}

/** How many rows, `limit` at most, are whole in the beginning of a file, and their bytes. A row ends with a line feed outside quotes; neither byte is ever part of another character in UTF-8. */
function wholeRows(content: Buffer, limit: number): { rows: number; bytes: number } {
  let [rows, bytes, quoted] = [0, 0, false];
  for (let at = 0; at < content.length && rows < limit; at++) {
    if (content[at] === QUOTE) quoted = !quoted;
    else if (content[at] === LF && !quoted) {
      rows++;
      bytes = at + 1;
    }
  }
  return { rows, bytes };
}

/** Not within a surrogate pair. */
function shorten(cell: string): string {
  if (cell.length <= CELL_CHARACTERS) return cell;
  return `${cell.slice(0, CELL_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
