import knex, { type Knex } from 'knex';
import { ReportError } from '../domain/errors.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import type { BoundQuery } from '../ports/table-reader.ts';
import type { Source } from './define-report.ts';
import { maskedColumns } from './mask.ts';

/** Builds SQL in MySQL's dialect; it never connects. */
const builder = knex({ client: 'mysql2' });

/** MariaDB turns longer IN lists into a temporary table (in_predicate_conversion_threshold), which loses the index. */
const KEYS_PER_QUERY = 1000;

/** What a source's query is compiled for: the conditions, and the sensitive columns (`<table>.<column>`) to be masked. */
export type Asked = Pick<FileDownloadRecord, 'conditions' | 'masked'>;

/** The query of a source without keys. */
export function compileQuery(source: Source, asked: Asked): BoundQuery {
  return compile(source, asked, rowsOf(source, asked));
}

/**
 * The queries of a source with keys: one per chunk of them, made as they are asked for. The keys come in lists of any length. No keys make one query that finds
 * nothing, and tells the columns.
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
 * What a source's query reads, as SQL that may stand after FROM: the table, or of it the rows with these keys, the columns masked that are to be. Whatever the report's
 * query selects or filters by, it sees nothing else. MySQL and MariaDB merge it into the query around it, so the table's indexes serve as ever.
 */
function rowsOf({ table, keys }: Source, { masked }: Asked, chunk?: readonly bigint[]): BoundQuery {
  const name = `\`${table.database}\`.\`${table.table}\``;
  const columns = maskedColumns(table, masked);
  if (columns === undefined && chunk === undefined) return { sql: name, bindings: [] };
  const list = chunk && (chunk.length > 0 ? chunk.map(() => '?').join(', ') : 'NULL');
  const where = list === undefined ? '' : ` WHERE \`${keys?.where}\` IN (${list})`;
  return { sql: `(SELECT ${columns ?? '*'} FROM ${name}${where}) AS \`${table.table}\``, bindings: chunk ?? [] };
}

/** The report's query over these rows. Refuses (permanent) one that reads from something else instead. */
function compile({ name, query }: Source, { conditions }: Asked, rows: BoundQuery): BoundQuery {
  const from = builder.raw(rows.sql, rows.bindings as Knex.RawBinding[]);
  const { sql, bindings } = query(builder.from(from), conditions).toSQL().toNative();
  if (sql.includes(rows.sql)) return { sql, bindings };
  throw new ReportError('TABLE_REPLACED', `the query of ${name} does not read from the table that it is given`, {
    kind: 'permanent',
  });
}

/** Refuses (permanent) what is no integer. */
function integerKey(key: string): bigint {
  if (/^-?\d+$/.test(key)) return BigInt(key);
  throw new ReportError('BAD_KEY', `the key ${key} is not an integer`, { kind: 'permanent' });
}
