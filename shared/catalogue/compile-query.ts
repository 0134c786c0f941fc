import knex, { type Knex } from 'knex';
import { ReportError } from '../domain/errors.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import type { BoundQuery } from '../ports/table-reader.ts';
import type { Source } from './define-report.ts';
import { maskedColumns } from './mask.ts';

/** Builds SQL in MySQL's dialect; it never connects. */
const builder = knex({ client: 'mysql2' });

/**
 * MariaDB converts longer IN lists into a temporary table (in_predicate_conversion_threshold), which loses the index.
 */
const KEYS_PER_QUERY = 1000;

/**
 * The input that a source's query is compiled for: the conditions, and the sensitive columns (`<table>.<column>`) to
 * mask.
 */
export type Asked = Pick<FileDownloadRecord, 'conditions' | 'masked'>;

/** Compiles the query of a source without keys. */
export function compileQuery(source: Source, asked: Asked): BoundQuery {
  return compile(source, asked, rowsOf(source, asked));
}

/**
 * Compiles the queries of a source with keys: one query per chunk of keys, created on demand. The lists of keys may
 * have any length. If there are no keys, yields one query that finds no rows but returns the columns.
 */
export async function* compileKeyedQueries(
  source: Source,
  asked: Asked,
  lists: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<BoundQuery, void> {
  const compileFor = (keys: readonly string[]) => compile(source, asked, rowsOf(source, asked, keys.map(integerKey)));
  let waiting: string[] = [];
  let asksForSome = false;
  for await (const list of lists) {
    waiting = waiting.concat(list);
    while (waiting.length >= KEYS_PER_QUERY) {
      asksForSome = true;
      yield compileFor(waiting.splice(0, KEYS_PER_QUERY));
    }
  }
  if (waiting.length > 0 || !asksForSome) yield compileFor(waiting);
}

/**
 * Returns what a source's query reads, as SQL that may follow FROM: the table, or only its rows with these keys, with
 * the required columns masked. The report's query sees nothing else, whatever it selects or filters by. MySQL and
 * MariaDB merge this SQL into the surrounding query, so the table's indexes are used as usual.
 */
function rowsOf({ table, keys }: Source, { masked }: Asked, chunk?: readonly bigint[]): BoundQuery {
  const name = `\`${table.database}\`.\`${table.table}\``;
  const columns = maskedColumns(table, masked);
  if (columns === undefined && chunk === undefined) return { sql: name, bindings: [] };
  const list = chunk && (chunk.length > 0 ? chunk.map(() => '?').join(', ') : 'NULL');
  const where = list === undefined ? '' : ` WHERE \`${keys?.where}\` IN (${list})`;
  return { sql: `(SELECT ${columns ?? '*'} FROM ${name}${where}) AS \`${table.table}\``, bindings: chunk ?? [] };
}

/**
 * Compiles the report's query over these rows. Throws TABLE_REPLACED (permanent) if the query reads from something else
 * instead.
 */
function compile({ name, query }: Source, { conditions }: Asked, rows: BoundQuery): BoundQuery {
  const from = builder.raw(rows.sql, rows.bindings as Knex.RawBinding[]);
  const { sql, bindings } = query(builder.from(from), conditions).toSQL().toNative();
  if (sql.includes(rows.sql)) return { sql, bindings };
  throw new ReportError('TABLE_REPLACED', `the query of ${name} does not read from the table that it is given`, {
    kind: 'permanent',
  });
}

/** Parses a key. Throws BAD_KEY (permanent) if the key is not an integer. */
function integerKey(key: string): bigint {
  if (/^-?\d+$/.test(key)) return BigInt(key);
  throw new ReportError('BAD_KEY', `the key ${key} is not an integer`, { kind: 'permanent' });
}
