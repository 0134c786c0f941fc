import type { Column } from '../../domain/columns.ts';
import type { OutputColumn } from '../../ports/joiner.ts';
import { MAX_ROW_BYTES } from '../mysql-table-reader/csv-encoder.ts';

/** Text that a spreadsheet would run: it begins with one of = + - @ tab, LF, CR. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA_STARTS = [...'=+-@\t\n\r'].map((character) => character.charCodeAt(0)).join(', ');

/** A negative number or time that had to travel as text is no formula. */
const NEGATIVE_VALUE = '-[0-9]+(\\.[0-9]+)?(e[+-]?[0-9]+)?|-[0-9]+:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?';

/** The SQL type that the join sees for a column. */
export function sqlType(column: Column): string {
  if (column.kind === 'integer') return 'BIGINT';
  if (column.kind === 'unsigned') return 'UBIGINT';
  if (column.kind === 'decimal') return `DECIMAL(${column.precision}, ${column.scale})`;
  return 'VARCHAR';
}

/** A view by the source's name over the CSV that comes out of the FIFO. */
export function sourceView(name: string, columns: readonly Column[], path: string): string {
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
    // A FIFO cannot be read from several places at once.
    'parallel = false',
    `max_line_size = ${MAX_ROW_BYTES}`,
    // The default is 16 lines of the largest size.
    `buffer_size = ${MAX_ROW_BYTES}`,
    `columns = {${types.join(', ')}}`,
  ];
  return `CREATE VIEW ${identifier(name)} AS SELECT * FROM read_csv(${literal(path)}, ${options.join(', ')})`;
}

/** The join's output in the file's order of columns, guarded, as CSV bytes into `path`. `textColumns` are those whose type is text. */
export function copyStatement(
  sql: string,
  output: readonly OutputColumn[],
  textColumns: ReadonlySet<string>,
  path: string,
): string {
  const expressions = output.map(({ name, guarded }) =>
    guarded && textColumns.has(name) ? `${neutralised(identifier(name))} AS ${identifier(name)}` : identifier(name),
  );
  return `COPY (SELECT ${expressions.join(', ')} FROM (${sql}
    )) TO ${literal(path)}
    (FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', USE_TMP_FILE false)`;
}

function neutralised(column: string): string {
  return `CASE WHEN ascii(${column}) IN (${FORMULA_STARTS}) AND NOT regexp_full_match(${column}, ${literal(NEGATIVE_VALUE)})
    THEN '''' || ${column} ELSE ${column} END`;
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
