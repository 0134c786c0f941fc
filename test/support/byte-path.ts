import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { LocalMariaDb } from '../../infra/local-servers/mariadb.ts';
import { ensureServers } from '../../infra/setup/ensure-servers.ts';
import { duckDbJoiner } from '../../shared/adapters/duckdb-joiner/joiner.ts';
import { mysqlTableReader } from '../../shared/adapters/mysql-table-reader/table-reader.ts';
import type { StoredRows } from '../../shared/domain/source-result.ts';
import { readResult } from '../../shared/results/read-result.ts';
import { writeResult } from '../../shared/results/write-result.ts';
import { joinAll } from './joining.ts';
import { memoryObjectStore } from './memory-object-store.ts';
import { never } from './never.ts';

const joiner = duckDbJoiner({ memoryLimit: '256MB', spillLimit: '256MB' });

export interface Exported {
  result: StoredRows;
  csv: Buffer;
  rows: number;
}

const loginOf = ({ host, port, root }: LocalMariaDb) => ({ host, port, user: root.user, password: root.password });

/**
 * The whole way of a query's rows: read from the table, stored as a result, passed through the join. With the guard
 * they go on as `guarded`.
 */
export async function exportRows(mariaDb: LocalMariaDb, sql: string, guarded: boolean): Promise<Exported> {
  const objects = memoryObjectStore();
  const read = await mysqlTableReader(loginOf(mariaDb)).read([{ sql, bindings: [] }], never);
  const written = await writeResult(read, 'parts/r/s/a/', objects);
  const result: StoredRows = JSON.parse(JSON.stringify(written));
  const { columns, longestRow } = result;
  const source = { name: 's', columns, longestRow, parts: readResult(result, objects) };
  const output = columns.map(({ name }) => ({ name, guarded }));
  return { result, ...(await joinAll(joiner, [source], 'SELECT * FROM s', output)) };
}

/** What the mariadb client shows for each of the queries, each of one cell. */
export async function clientShows(mariaDb: LocalMariaDb, queries: readonly string[]): Promise<string[]> {
  const programs = await ensureServers();
  const { host, port, user, password } = loginOf(mariaDb);
  const mark = randomUUID();
  const { stdout } = await promisify(execFile)(
    programs.mariadb,
    [
      ...['--no-defaults', '--protocol=tcp', `--host=${host}`, `--port=${port}`, `--user=${user}`],
      ...['--batch', '--raw', '--skip-column-names', '--binary-as-hex', '--default-character-set=utf8mb4'],
      `--execute=${queries.map((query) => `${query}; SELECT '${mark}';`).join('\n')}`,
    ],
    { env: { ...process.env, MYSQL_PWD: password }, maxBuffer: 2 ** 28 },
  );
  return stdout.split(`\n${mark}\n`).slice(0, -1);
}

/** Which cells of the CSV are NULL: those of which it holds nothing. */
export function nullsOf(csv: Buffer): boolean[][] {
  const rows: boolean[][] = [];
  let row: boolean[] = [];
  for (const [, cell, end] of csv.toString().matchAll(/("(?:[^"]|"")*"|[^",\n]*)([,\n])/g)) {
    row.push(cell === '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** A text as the guard leaves it, told another way than the joiner does it. */
export function neutralised(text: string): string {
  const isNumber = /^-\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) || /^-\d+:\d\d:\d\d(\.\d+)?$/.test(text);
  return '=+-@\t\r\n'.includes(text[0] ?? 'x') && !isNumber ? `'${text}` : text;
}
