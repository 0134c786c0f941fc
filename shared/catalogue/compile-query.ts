import knex, { type Knex } from 'knex';
import { ReportError } from '../domain/errors.ts';
import type { BoundQuery } from '../ports/table-reader.ts';
import type { Source } from './define-report.ts';

/** Builds SQL in MySQL's dialect; it never connects. */
const builder = knex({ client: 'mysql2' });

/** MariaDB turns longer IN lists into a temporary table (in_predicate_conversion_threshold), which loses the index. */
const KEYS_PER_QUERY = 1000;

/** The query of a source without keys. */
export function compileQuery(source: Source, conditions: unknown): BoundQuery {
  return bound(source.query(builder(source.table.name), conditions));
}

/** The queries of a source with keys: one per chunk of them, made as they are asked for. No keys make one query that finds nothing, and tells the columns. */
export function* compileKeyedQueries(
  source: Source,
  conditions: unknown,
  keys: readonly string[],
): Generator<BoundQuery> {
  const column = source.keys?.where ?? '';
  for (let from = 0; from === 0 || from < keys.length; from += KEYS_PER_QUERY) {
    const chunk = keys.slice(from, from + KEYS_PER_QUERY).map(integerKey);
    const rows = source.query(builder(source.table.name), conditions);
    yield bound(rows.whereIn(`${source.table.name}.${column}`, chunk as unknown as number[]));
  }
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
