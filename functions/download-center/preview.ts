import { parseString } from 'fast-csv';

export interface Preview {
  columns: string[];
  rows: string[][];
  /** Whether the file has more rows than these. */
  truncated: boolean;
}

const ROWS = 50;
/** Usually enough for all rows, so that one request suffices. */
const FIRST_BYTES = 256 * 1024;
/**
 * If the rows need more than was read, more is read, up to this limit. Beyond it fewer rows are shown, to save memory.
 */
const MAX_BYTES = 16 * 1024 * 1024;
/** Maximum length of a cell; longer cells are shortened. */
const CELL_CHARACTERS = 1000;

const QUOTE = 0x22;
const LF = 0x0a;

/**
 * Returns the first rows of a file that has `totalRows` rows below its header. `head` returns the given number of bytes
 * from the beginning of the file, or all bytes if there are fewer.
 */
export async function previewOf(head: (bytes: number) => Promise<Buffer>, totalRows: number): Promise<Preview> {
  let content: Buffer = Buffer.alloc(0);
  let shown = { rows: 0, bytes: 0 };
  // One row more than the rows to show, for the header.
  for (let bytes = FIRST_BYTES; bytes <= MAX_BYTES && shown.rows < 1 + Math.min(ROWS, totalRows); bytes *= 8) {
    content = await head(bytes);
    shown = wholeRows(content, 1 + ROWS);
  }
  // The decoder removes the byte order mark.
  const text = new TextDecoder().decode(content.subarray(0, shown.bytes));
  const read: string[][] = [];
  for await (const row of parseString<string[], string[]>(text)) read.push(row.map(shorten));
  const [columns = [], ...rows] = read;
  return { columns, rows, truncated: rows.length < totalRows };
}

/**
 * Counts the complete rows at the beginning of a file, at most `limit`, and their bytes. A row ends with a line feed
 * outside quotes. In UTF-8, neither byte is ever part of another character.
 */
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

/** Shortens a long cell without splitting a surrogate pair. */
function shorten(cell: string): string {
  if (cell.length <= CELL_CHARACTERS) return cell;
  return `${cell.slice(0, CELL_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
