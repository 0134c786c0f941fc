import knex, { type Knex } from 'knex';
import { ReportError } from '../domain/errors.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import type { BoundQuery } from '../ports/table-reader.ts';
import type { Source } from './define-report.ts';
import { maskedTable } from './mask.ts';

/** Builds SQL in MySQL's dialect; it never connects. */
const builder = knex({ client: 'mysql2' });

/** MariaDB turns longer IN lists into a temporary table (in_predicate_conversion_threshold), which loses the index. */
const KEYS_PER_QUERY = 1000;

/** What a source's query is compiled for: the conditions, and the sensitive columns (`<table>.<column>`) to be masked. */
export type Asked = Pick<FileDownloadRecord, 'conditions' | 'masked'>;

/** The query of a source without keys. */
export function compileQuery(source: Source, asked: Asked): BoundQuery {
  return bound(queryOf(source, asked));
}

/** The queries of a source with keys: one per chunk of them, made as they are asked for. No keys make one query that finds nothing, and tells the columns. */
export function* compileKeyedQueries(source: Source, asked: Asked, keys: readonly string[]): Generator<BoundQuery> {
  const column = source.keys?.where ?? '';
  for (let from = 0; from === 0 || from < keys.length; from += KEYS_PER_QUERY) {
    const chunk = keys.slice(from, from + KEYS_PER_QUERY).map(integerKey);
    yield bound(queryOf(source, asked).whereIn(`${source.table.table}.${column}`, chunk as unknown as number[]));
  }
}

function queryOf({ table, query }: Source, { conditions, masked }: Asked): Knex.QueryBuilder {
  const view = maskedTable(table, masked);
  return query(view === undefined ? builder(table.name) : builder.from(builder.raw(view)), conditions);
}

/** Refuses (permanent) what is no integer. */
function integerKey(key: string): bigint {
  if (/^-?\d+$/.test(key)) return BigInt(key);
  throw new ReportError('BAD_KEY', `the key ${key} is not an integer`, { kind: 'permanent' });
}

function bound(query: Knex.QueryBuilder): BoundQuery {
  const { sql, bindings } = query.toSQL().toNative();
  return { sql, bindings };
}
