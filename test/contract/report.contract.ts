import { duckDbJoiner } from '../../shared/adapters/duckdb-joiner/joiner.ts';
import { mysqlTableReader } from '../../shared/adapters/mysql-table-reader/table-reader.ts';
import { type Asked, compileKeyedQueries, compileQuery } from '../../shared/catalogue/compile-query.ts';
import { type Report, type Source, sourcesOf } from '../../shared/catalogue/define-report.ts';
import type { Column } from '../../shared/domain/columns.ts';
import type { JoinSource } from '../../shared/ports/joiner.ts';
import type { BoundQuery } from '../../shared/ports/table-reader.ts';
import { never } from '../support/never.ts';

const SAMPLE_KEYS = ['1', '18446744073709551615'];

const joiner = duckDbJoiner({ memoryLimit: '64MB', spillLimit: '64MB' });

/**
 * Runs a report with its example conditions on empty tables, as the functions do: first every query on the database,
 * with nothing masked and with everything sensitive masked, with and without keys; then every selection of keys, and
 * the join, over columns of the types that the queries returned. Throws an error if any of its SQL is wrong.
 */
export async function checkReport(report: Report, databaseUrl: string): Promise<void> {
  for (const masked of [[], Object.keys(report.clearFor)]) {
    await checkAs({ conditions: report.conditions.parse(report.example), masked }, report, databaseUrl);
  }
}

async function checkAs(asked: Asked, report: Report, databaseUrl: string): Promise<void> {
  const earlier: { name: string; columns: Column[] }[] = [];
  for (let stage = 0; stage < report.stageCount; stage++) {
    const sources = sourcesOf(report, stage);
    for (const { keys } of sources) if (keys) await join(earlier, `SELECT (${keys.in}) AS key`, ['key']);
    for (const source of sources) {
      const queries = await queriesOf(source, asked);
      expectOneTable(source, queries);
      const columns = await columnsOf(queries, databaseUrl);
      earlier.push({ name: source.name, columns });
    }
  }
  await join(earlier, report.join, Object.keys(report.columns));
}

async function queriesOf(source: Source, asked: Asked): Promise<BoundQuery[]> {
  if (!source.keys) return [compileQuery(source, asked)];
  const keyed = (keys: string[]) => Array.fromAsync(compileKeyedQueries(source, asked, [keys]));
  return [...(await keyed(SAMPLE_KEYS)), ...(await keyed([]))];
}

/**
 * Throws if a query reads more than its source's table, since whatever else it reads is not masked. There is no default
 * database here, so every table is named with its database: the first mention is the source's own table, and a second
 * one is one too many. The table's login has no access to other databases.
 */
function expectOneTable({ name, table }: Source, queries: BoundQuery[]): void {
  for (const { sql } of queries) {
    const named = sql.match(new RegExp(`\\b${table.database}\\b`, 'gi')) ?? [];
    if (named.length !== 1) throw new Error(`${name} reads more than ${table.name}: ${sql}`);
  }
}

async function columnsOf(queries: BoundQuery[], databaseUrl: string): Promise<Column[]> {
  const read = await mysqlTableReader({ uri: databaseUrl }).read(queries, never);
  for await (const _block of read.blocks);
  return read.columns;
}

async function join(sources: { name: string; columns: Column[] }[], sql: string, columns: string[]): Promise<void> {
  const request = {
    sources: sources.map((source): JoinSource => ({ ...source, longestRow: 0, parts: [async () => Buffer.alloc(0)] })),
    sql,
    output: columns.map((name) => ({ name, guarded: true })),
  };
  for await (const _block of joiner.join(request, never));
}
