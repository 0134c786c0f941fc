import type { Column } from '../../domain/columns.ts';

/** DuckDB holds several buffers at a time, in the memory that it sorts and joins in; larger ones were no faster. */
const MIN_BUFFER_BYTES = 1024 * 1024;

/** Text that a spreadsheet would run: it begins with one of = + - @ tab, LF, CR. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA_STARTS = [...'=+-@\t\n\r'].map((character) => character.charCodeAt(0));

/** A negative number or time that had to travel as text is no formula. */
const NEGATIVE_VALUE = '-[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?|-[0-9]+:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?';

/** The SQL type that the join sees for a column. */
export function sqlType({ kind, precision = 0, scale = 0 }: Column): string {
  if (kind === 'integer') return 'BIGINT';
  if (kind === 'unsigned') return 'UBIGINT';
  // With no digit before the point, DuckDB would write .5 where MySQL writes 0.5.
  if (kind === 'decimal') return `DECIMAL(${Math.max(precision, scale + 1)}, ${scale})`;
  return 'VARCHAR';
}

/** A source's CSV as it comes out of `paths`, FIFOs with whole rows each. */
export interface CsvSource {
  name: string;
  columns: readonly Column[];
  longestRow: number;
  paths: readonly string[];
}

/**
 * SELECT of `expressions` from the report's SQL, which knows each source by its name. Each is a common table expression: DuckDB streams the
 * one that is read once, as FIFOs can be, and keeps the one that is read more often (a self-join), in memory or spilled. It does not see that recursion
 * reads again in each round.
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
    // NULL is nothing, '' is "".
    `nullstr = ''`,
    'allow_quoted_nulls = false',
    // DuckDB's threads take a FIFO each. Within one they would have to guess which line feeds end rows, and which are in quotes.
    'parallel = false',
    `max_line_size = ${Math.max(longestRow, MIN_BUFFER_BYTES)}`,
    // The default is 16 lines of the largest size.
    `buffer_size = ${Math.max(longestRow, MIN_BUFFER_BYTES)}`,
    `columns = {${types.join(', ')}}`,
  ];
  return `SELECT * FROM read_csv([${paths.map(literal).join(', ')}], ${options.join(', ')})`;
}

/** The rows of a SELECT as CSV bytes into `path`. */
export function copyStatement(select: string, path: string): string {
  return `COPY (${select}) TO ${literal(path)}
    (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', USE_TMP_FILE false)`;
}

/** The column as text, with an apostrophe before whatever a spreadsheet would run. */
export function neutralised(column: string): string {
  // Of a text this is nothing to do. JSON is text, too, but would make JSON of what it is compared with.
  const text = `${column}::VARCHAR`;
  // Most texts begin with a letter or a digit, which two comparisons tell soonest.
  const isUnusual = `${text} < 'A' AND NOT (${text} >= '0' AND ${text} < ':')`;
  // Not IN: DuckDB makes a join of a long list, and as many joins as columns need memory by the square.
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
