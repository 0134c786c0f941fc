import { randomBytes } from 'node:crypto';
import { createTableSql } from '../../shared/catalogue/define-table.ts';
import type { LocalMariaDb } from '../local-servers/mariadb.ts';
import { type DemoCounts, type DemoTable, demoTables } from './demo-tables.ts';

export interface DemoOptions extends Partial<DemoCounts> {
  /** The number of withdrawals, 20,000 by default; the other tables' numbers follow from it unless given. */
  readonly rows?: number;
  /** Another seed gives other values; 1 by default. */
  readonly seed?: number;
}

/** A login to one database. */
export interface DatabaseLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface DemoData {
  readonly counts: DemoCounts;
  /** Keyed by table, e.g. plt_fund.vs_withdraw: each may read that table's database and nothing else. */
  readonly logins: Readonly<Record<string, DatabaseLogin>>;
  /** Has all rights in plt_basic, an empty database, and none elsewhere. */
  readonly recordStore: DatabaseLogin;
}

/** Creates the demo's databases, tables, rows and logins on an empty server. 20,000 rows take about a second. */
export async function loadDemoData(
  mariaDb: LocalMariaDb,
  { rows = 20_000, seed = 1, ...own }: DemoOptions = {},
): Promise<DemoData> {
  const half = Math.ceil(rows / 2);
  const counts: DemoCounts = {
    withdrawals: rows,
    users: Math.max(1, half),
    tags: half,
    payments: rows,
    admins: Math.max(200, Math.ceil(rows / 100)),
    ...own,
  };
  const tables = demoTables(seed, counts);
  const databases = new Set(['plt_basic', ...tables.map(({ table }) => table.database)]);
  for (const database of databases) await mariaDb.sql(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  await Promise.all(tables.map((table) => fill(mariaDb, table)));

  const logins: Record<string, DatabaseLogin> = {};
  for (const { table } of tables)
    logins[table.name] = await createLogin(mariaDb, table.table, 'SELECT', table.database);
  return { counts, logins, recordStore: await createLogin(mariaDb, 'record_store', 'ALL', 'plt_basic') };
}

async function fill(mariaDb: LocalMariaDb, { table, rows, columns }: DemoTable): Promise<void> {
  await mariaDb.sql(createTableSql(table));
  if (rows === 0) return; // seq_1_to_0 counts down
  // With both checks off, InnoDB loads an empty table in bulk: 2,000,000 rows take two thirds of the time.
  await mariaDb.sql(
    `SET STATEMENT unique_checks = 0, foreign_key_checks = 0 FOR
     INSERT INTO ${table.name} (${Object.keys(columns)}) SELECT ${Object.values(columns)} FROM ${table.database}.seq_1_to_${rows}`,
  );
}

async function createLogin(
  mariaDb: LocalMariaDb,
  user: string,
  rights: string,
  database: string,
): Promise<DatabaseLogin> {
  const password = randomBytes(18).toString('base64url');
  await mariaDb.sql(`CREATE USER '${user}'@'127.0.0.1' IDENTIFIED BY '${password}'`);
  // In a grant, an unescaped _ matches any character.
  await mariaDb.sql(`GRANT ${rights} ON \`${database.replaceAll('_', '\\_')}\`.* TO '${user}'@'127.0.0.1'`);
  return { host: mariaDb.host, port: mariaDb.port, user, password, database };
}
