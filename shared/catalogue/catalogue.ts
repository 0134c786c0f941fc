import type { TableRestrictions } from '../domain/rights.ts';
import { type DeclarationFolder, declarationsIn } from './declarations.ts';
import type { Report } from './define-report.ts';
import type { Table } from './define-table.ts';
import { clearFor } from './mask.ts';

export type Catalogue = ReadonlyMap<string, Report>;

/** Loads every report in shared/reports, by id. A file there declares reports and exports nothing else. */
export async function loadReports(): Promise<Catalogue> {
  return byName((await exportsOf<Report>('reports')).map((report) => [report.id, report]));
}

/** Loads every table in shared/tables, by name. */
export async function loadTables(): Promise<ReadonlyMap<string, Table>> {
  return byName((await exportsOf<Table>('tables')).map((table) => [table.name, table]));
}

/** Loads which roles see which columns of each table in clear, by table name. */
export async function loadTableRestrictions(): Promise<TableRestrictions> {
  return new Map([...(await loadTables())].map(([name, table]) => [name, { clearFor: clearFor(table) }]));
}

async function exportsOf<T>(folder: DeclarationFolder): Promise<T[]> {
  return (await declarationsIn(folder)).flatMap((module) => Object.values(module) as T[]);
}

function byName<T>(entries: [string, T][]): ReadonlyMap<string, T> {
  const map = new Map(entries);
  if (map.size < entries.length)
    throw new Error(`two declarations share a name: ${entries.map(([name]) => name).join(', ')}`);
  return map;
}
