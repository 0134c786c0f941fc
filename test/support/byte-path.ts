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
 * Exports a query's rows: reads the table, stores the result, and joins it. `guarded` applies the formula guard to
 * every column.
 */
export async function exportRows(mariaDb: LocalMariaDb, sql: string, guarded: boolean): Promise<Exported> {
  const objects = memoryObjectStore();
  const read = await mysqlTableReader(loginOf(mariaDb)).read([{ sql, bindings: [] }], never);
  const written = await writeResult(read, 'parts/r/s/a/', objects, never);
  const result: StoredRows = JSON.parse(JSON.stringify(written));
  const { columns, longestRow } = result;
  const source = { name: 's', columns, longestRow, parts: readResult(result, objects) };
  const output = columns.map(({ name }) => ({ name, guarded }));
  return { result, ...(await joinAll(joiner, [source], 'SELECT * FROM s', output)) };
}

/** Returns the output of the mariadb client for each of the queries, which return one cell each. */
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

/** Returns for each cell of the CSV whether it is NULL, that is, empty and unquoted. */
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

/** Returns the text after the formula guard, computed independently of the joiner. */
export function neutralised(text: string): string {
  const isNumber = /^-\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) || /^-\d+:\d\d:\d\d(\.\d+)?$/.test(text);
  return '=+-@\t\r\n'.includes(text[0] ?? 'x') && !isNumber ? `'${text}` : text;
}
