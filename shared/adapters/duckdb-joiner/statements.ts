import type { Column } from '../../domain/columns.ts';

/**
 * DuckDB holds several buffers at a time, in the memory that it uses to sort and join. Larger buffers were no faster.
 */
const MIN_BUFFER_BYTES = 1024 * 1024;

/**
 * A spreadsheet would run text that begins with one of these characters: = + - @ tab, LF, CR.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA_STARTS = [...'=+-@\t\n\r'].map((character) => character.charCodeAt(0));

/** A negative number or time that had to be transferred as text is not a formula. */
const NEGATIVE_VALUE = '-[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?|-[0-9]+:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?';

/** Returns the SQL type that the join sees for a column. */
export function sqlType({ kind, precision = 0, scale = 0 }: Column): string {
  if (kind === 'integer') return 'BIGINT';
  if (kind === 'unsigned') return 'UBIGINT';
  // Without a digit before the point, DuckDB would write .5 where MySQL writes 0.5.
  if (kind === 'decimal') return `DECIMAL(${Math.max(precision, scale + 1)}, ${scale})`;
  return 'VARCHAR';
}

/** A source's CSV, read from `paths`: FIFOs that each contain whole rows. */
export interface CsvSource {
  name: string;
  columns: readonly Column[];
  longestRow: number;
  paths: readonly string[];
}

/**
 * Returns the SELECT of `expressions` from the report's SQL, which refers to each source by its name. Each source is a
 * common table expression. DuckDB streams a source that is read once, which is how often a FIFO can be read. It keeps a
 * source that is read more often (a self-join), in memory or spilled. DuckDB does not notice that a recursive query
 * reads a source again in each iteration.
 */
export function selectStatement(sources: readonly CsvSource[], sql: string, expressions: readonly string[]): string {
  const kept = /\brecursive\b/i.test(sql) ? 'MATERIALIZED' : '';
  const tables = sources.map((source) => `${identifier(source.name)} AS ${kept} (${selectCsv(source)})`);
  const tablesFirst = tables.length > 0 ? `WITH ${tables.join(',\n')}\n` : '';
  return `${tablesFirst}SELECT ${expressions.join(', ')} FROM (\n${sql}\n)`;
}

function selectCsv({ columns, longestRow, paths }: CsvSource): string {
  const types = columns.map((column) => `${literal(column.name)}: ${literal(sqlType(column))}`);
  const options = [
    'auto_detect = false',
    'header = false',
    `delim = ','`,
    `quote = '"'`,
    `escape = '"'`,
    `new_line = '\\n'`,
    // NULL is written as nothing, '' as "".
    `nullstr = ''`,
    'allow_quoted_nulls = false',
    // Each DuckDB thread reads a FIFO of its own. Within one FIFO, threads would have to guess which line feeds end
    // rows and which are in quotes.
    'parallel = false',
    `max_line_size = ${Math.max(longestRow, MIN_BUFFER_BYTES)}`,
    // The default is 16 lines of the maximum size.
    `buffer_size = ${Math.max(longestRow, MIN_BUFFER_BYTES)}`,
    `columns = {${types.join(', ')}}`,
  ];
  return `SELECT * FROM read_csv([${paths.map(literal).join(', ')}], ${options.join(', ')})`;
}

/** Returns the statement that writes the rows of a SELECT into `path` as CSV. */
export function copyStatement(select: string, path: string): string {
  return `COPY (${select}) TO ${literal(path)}
    (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', USE_TMP_FILE false)`;
}

/** Returns the column as text, with an apostrophe before any value that a spreadsheet would run as a formula. */
export function neutralised(column: string): string {
  // The cast does nothing to text. JSON is text too, but what it is compared with would be converted to JSON.
  const text = `${column}::VARCHAR`;
  // Most texts begin with a letter or a digit, and comparisons detect that fastest.
  const isUnusual = `${text} < 'A' AND NOT (${text} >= '0' AND ${text} < ':')`;
  // Not IN: DuckDB turns a long list into a join. With one join per column, the memory grows with the square of the
  // number of columns.
  const isFormula = FORMULA_STARTS.map((code) => `ascii(${text}) = ${code}`).join(' OR ');
  return `CASE WHEN ${isUnusual} AND (${isFormula}) AND NOT regexp_full_match(${text}, ${literal(NEGATIVE_VALUE)})
    THEN '''' || ${text} ELSE ${text} END`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
