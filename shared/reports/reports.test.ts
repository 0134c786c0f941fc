import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalMariaDb, startMariaDb } from '../../infra/local-servers/mariadb.ts';
import { type RunFolder, runFolder } from '../../infra/local-servers/run-folder.ts';
import { checkReport } from '../../test/contract/report.contract.ts';
import { loadReports, loadTables } from '../catalogue/catalogue.ts';
import type { Report, Source } from '../catalogue/define-report.ts';
import { createTableSql } from '../catalogue/define-table.ts';
import { paymentsByAdmin } from './payments-by-admin.ts';

const reports = [...(await loadReports()).values()];
const tables = await loadTables();

let folder: RunFolder;
let mariaDb: LocalMariaDb;
let url: string;

beforeAll(async () => {
  folder = await runFolder('test');
  mariaDb = await startMariaDb({ dir: folder.path, bufferPoolMiB: 32 });
  url = `mysql://${mariaDb.root.user}:${mariaDb.root.password}@${mariaDb.host}:${mariaDb.port}`;
  for (const database of new Set([...tables.values()].map((table) => table.database))) {
    await mariaDb.sql(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  }
  for (const table of tables.values()) await mariaDb.sql(createTableSql(table));
});
afterAll(async () => {
  await mariaDb.stop();
  await folder.remove();
});

describe.each(reports)('the report $id', (report) => {
  it('asks declared tables alone', () => {
    for (const { table } of report.sources) expect(tables.get(table.name)).toBe(table);
  });

  it('is SQL that the database and the join take, and gives every column', async () => {
    await expect(checkReport(report, url)).resolves.toBeUndefined();
  });
});

describe('a slip is found', () => {
  /** Returns payments by admin with one of its sources changed. */
  const withSource = (name: string, change: (source: Source) => Partial<Source>): Report => ({
    ...paymentsByAdmin,
    sources: paymentsByAdmin.sources.map((source) =>
      source.name === name ? { ...source, ...change(source) } : source,
    ),
  });
  const withKeys = (keys: string): Report => withSource('payments', () => ({ keys: { where: 'admin_id', in: keys } }));
  const { columns, join } = paymentsByAdmin;

  const slips: [slip: string, report: Report, reason: string][] = [
    [
      'in a query',
      withSource('admins', () => ({ query: (rows) => rows.select('id', 'nmae', 'department_id') })),
      "Unknown column 'nmae'",
    ],
    [
      'in a condition',
      withSource('admins', ({ query }) => ({
        query: (rows, conditions) => query(rows, conditions).where('enable', 1),
      })),
      "Unknown column 'enable'",
    ],
    [
      'in a query with keys',
      withSource('payments', () => ({ query: (rows) => rows.select('admin_id', 'amont') })),
      "Unknown column 'amont'",
    ],
    [
      'where a column comes twice',
      withSource('admins', ({ query }) => ({ query: (rows, conditions) => query(rows, conditions).select('id') })),
      'names the column id twice',
    ],
    [
      'where the join lacks a column',
      withSource('admins', () => ({ query: (rows) => rows.select('id') })),
      'column named "name"',
    ],
    [
      'where a query reads another table of the database',
      withSource('payments', ({ query }) => ({
        query: (rows, conditions) =>
          query(rows, conditions).whereIn('order_no', (other) => other.select('order_no').from('plt_fund.vs_withdraw')),
      })),
      'reads more than plt_fund.vs_payment',
    ],
    [
      'where a query reads its table once more',
      withSource('admins', ({ query }) => ({
        query: (rows, conditions) =>
          query(rows, conditions).union((more) =>
            more.select('id', 'name', 'department_id').from('plt_account.vs_admin'),
          ),
      })),
      'reads more than plt_account.vs_admin',
    ],
    ['in the join', { ...paymentsByAdmin, join: join.replace('a.name', 'a.nmae') }, 'nmae'],
    ['in a source of the join', { ...paymentsByAdmin, join: join.replace('admins', 'admin') }, 'admin does not exist'],
    ['in a column', { ...paymentsByAdmin, columns: { ...columns, amont: columns.amount } } as Report, 'amont'],
    ['in the keys', withKeys('SELECT ID_ FROM admins'), 'ID_'],
    ['where the keys are two columns', withKeys('SELECT id, name FROM admins'), 'Subquery returns 2 columns'],
    ['where the keys come from their own stage', withKeys('SELECT admin_id FROM payments'), 'payments does not exist'],
  ];

  it.each(slips)('%s', async (_, report, reason) => {
    await expect(checkReport(report, url)).rejects.toThrow(reason);
  });
});
