import type { Knex } from 'knex';
import type { z } from 'zod';
import { LOCALES, type Localized } from '../domain/record.ts';
import type { AllowList, Restrictions } from '../domain/rights.ts';
import { sensitiveConditions } from './condition.ts';
import type { Table } from './define-table.ts';
import { clearFor } from './mask.ts';

/**
 * An output column: its header, and whether text that a spreadsheet would treat as a formula is neutralised (default
 * true).
 */
export type OutputColumnDefinition = Localized & { readonly guard?: boolean };

/** Limits a source's query to keys that earlier stages found, in any number. */
export interface KeysDefinition {
  /** The column of this source's table that holds the keys. It must be an integer column. */
  readonly where: string;
  /** A SELECT of one column over the sources of earlier stages. Duplicates and NULLs are dropped. */
  readonly in: string;
}

/** One table's query inside a stage. */
export interface SourceDefinition<Conditions> {
  readonly table: Table;
  /** Builds a knex query on the table. Values passed to knex are bound. */
  readonly query: (rows: Knex.QueryBuilder, conditions: Conditions) => Knex.QueryBuilder;
  readonly keys?: KeysDefinition;
}

export interface ReportDeclaration<Schema extends z.ZodObject> {
  readonly id: string;
  /**
   * Raise the version whenever the definition changes what the file holds. It is part of the conditions key, and a
   * record never mixes two versions.
   */
  readonly version: number;
  readonly title: Localized;
  readonly conditions: Schema;
  /**
   * Valid conditions that match rows of the demo data. The catalogue shows them, and the definition's tests use them.
   */
  readonly example: z.input<Schema>;
  /**
   * The sources of a stage run at the same time. Their names are unique in the report, because the join refers to them
   * by name.
   */
  readonly stages: readonly Readonly<Record<string, SourceDefinition<z.output<Schema>>>>[];
  /**
   * A SELECT over all sources. The left side of a join streams and keeps its order; the right side is held in memory.
   */
  readonly join: string;
  /** The file's columns in order, by their names in the join. */
  readonly columns: Readonly<Record<string, OutputColumnDefinition>>;
  /** How many times, and how far apart, the aggregator looks at an unfinished stage before it gives up. */
  readonly requeue?: { readonly times: number; readonly delaySeconds: number };
  /** How long (in seconds) a finished file is reused for everyone who asks the same with the same rights. */
  readonly reuseForSeconds?: number;
  /** Who may run the report and see its records; absent: everyone. */
  readonly allowed?: AllowList;
}

export interface Source extends SourceDefinition<unknown> {
  readonly name: string;
  readonly stage: number;
}

export interface Report extends Required<Omit<ReportDeclaration<z.ZodObject>, 'stages' | 'allowed'>>, Restrictions {
  /** The sources of all stages, in order. */
  readonly sources: readonly Source[];
  readonly stageCount: number;
  /** The sensitive columns that conditions are about, by condition name. */
  readonly sensitiveConditions: Readonly<Record<string, readonly string[]>>;
}

const IDENTIFIER = /^[a-z][a-z0-9_]*$/;
const REPORT_ID = /^[a-z][a-z0-9-]*$/;

/** Declares a report. Throws an Error that names the report and lists every fault of its declaration. */
export function defineReport<Schema extends z.ZodObject>(declaration: ReportDeclaration<Schema>): Report {
  const sources = declaration.stages.flatMap((stage, index) =>
    Object.entries(stage).map(
      ([name, source]): Source => ({ ...(source as SourceDefinition<unknown>), name, stage: index }),
    ),
  );
  const report: Report = {
    requeue: { times: 6, delaySeconds: 60 },
    reuseForSeconds: 600,
    ...declaration,
    // A misspelt condition must not be ignored: the file would contain more than was requested.
    conditions: declaration.conditions.strict(),
    sources,
    stageCount: declaration.stages.length,
    clearFor: Object.assign({}, ...sources.map(({ table }) => clearFor(table))),
    sensitiveConditions: sensitiveConditions(declaration.conditions),
  };
  const faults = faultsOf(report);
  if (faults.length > 0) throw new Error(`report ${declaration.id}: ${faults.join('; ')}`);
  return Object.freeze(report);
}

function faultsOf({ id, title, conditions, example, sources, stageCount, columns, requeue }: Report): string[] {
  const names = sources.map((source) => source.name);
  const titles = [title, ...Object.values(columns)];
  const checks: [boolean, string][] = [
    [REPORT_ID.test(id), 'the id is not in kebab-case'],
    [stageCount > 0 && new Set(sources.map(({ stage }) => stage)).size === stageCount, 'a stage has no source'],
    [names.every((name) => IDENTIFIER.test(name)), 'a source name is not a plain identifier'],
    [new Set(names).size === names.length, 'two sources have the same name'],
    [sources.every(({ keys, stage }) => !keys || stage > 0), 'a source of the first stage has keys'],
    // Text keys that differ in the join may be equal under the database's collation, and their rows would be read
    // twice.
    [
      sources.every(({ keys, table }) => !keys || isInteger(table, keys.where)),
      'keys limit something else than an integer column of the table',
    ],
    [Object.keys(columns).length > 0, 'there are no columns'],
    [titles.every((text) => LOCALES.every((locale) => text[locale])), 'a title lacks a language'],
    [requeue.times >= 1 && requeue.delaySeconds >= 1, 'requeue must be at least once, a second apart'],
    [conditions.safeParse(example).success, 'the example does not meet the conditions'],
  ];
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault);
}

function isInteger(table: Table, column: string): boolean {
  return table.columns[column]?.type.endsWith('int') ?? false;
}

/** Returns the sources of one stage. */
export function sourcesOf(report: Report, stage: number): Source[] {
  return report.sources.filter((source) => source.stage === stage);
}

/**
 * Returns the `queryDoneCount` at which a stage is done: the number of its own sources and those of all stages before
 * it.
 */
export function neededCount(report: Report, stage: number): number {
  return report.sources.filter((source) => source.stage <= stage).length;
}
