import { LOCALES, type Localized } from '../domain/record.ts';
import { type ColumnType, parseColumnType } from './column-type.ts';

/**
 * What a mask leaves of a sensitive text: `phone` leaves the beginning and end of a phone number, `name` the first
 * character of a name.
 */
export type Mask = 'phone' | 'name';

/** How a column is masked, and the roles that see it in clear. */
export interface Sensitivity {
  readonly mask: Mask;
  readonly clearFor: readonly string[];
}

/** One table of one project's database, as the reports and the query functions know it. */
export interface Table<Name extends string = string, ColumnName extends string = string> {
  /** `database.table`: the table's name everywhere. */
  readonly name: Name;
  /** The title by which users know the table's rows. */
  readonly title: Localized;
  readonly database: string;
  readonly table: string;
  readonly columns: Readonly<Record<ColumnName, ColumnType>>;
  readonly primaryKey: readonly ColumnName[];
  readonly indexes: readonly (readonly ColumnName[])[];
  readonly sensitive: Readonly<Partial<Record<ColumnName, Sensitivity>>>;
}

interface TableDeclaration<Name extends string, ColumnName extends string> {
  readonly name: Name;
  readonly title: Localized;
  /** Column types in MySQL's syntax, see `parseColumnType`. */
  readonly columns: Readonly<Record<ColumnName, string>>;
  readonly primaryKey: readonly NoInfer<ColumnName>[];
  readonly indexes?: readonly (readonly NoInfer<ColumnName>[])[];
  /** Text columns that are masked for most people. */
  readonly sensitive?: Readonly<Partial<Record<NoInfer<ColumnName>, Sensitivity>>>;
}

const IDENTIFIER = /^[a-z][a-z0-9_]*$/i;

/**
 * Declares a table. Its names are the only identifiers that ever reach a database, so they must be plain words. Throws
 * an Error that names the table and states what is wrong with the declaration.
 */
export function defineTable<const Name extends `${string}.${string}`, const ColumnName extends string>(
  declaration: TableDeclaration<Name, ColumnName>,
): Table<Name, ColumnName> {
  const { name, title, primaryKey, indexes = [], sensitive = {} } = declaration;
  const refuse = (reason: string, cause?: unknown): never => {
    throw new Error(`table ${name}: ${reason}`, { cause });
  };
  const [database = '', table = '', ...more] = name.split('.');
  if (more.length > 0 || ![database, table].every(isIdentifier)) refuse('its name is not of the form database.table');
  if (!LOCALES.every((locale) => title[locale])) refuse('its title lacks a language');

  const columns = Object.entries<string>(declaration.columns).map(([column, type]): [string, ColumnType] => {
    if (!isIdentifier(column)) refuse(`column '${column}': not a plain identifier`);
    try {
      return [column, Object.freeze(parseColumnType(type))];
    } catch (error) {
      return refuse(`column '${column}': ${(error as Error).message}`, error);
    }
  });
  for (const key of [primaryKey, ...indexes]) {
    if (key.length === 0) refuse('a key has no columns');
    for (const column of key)
      if (!Object.hasOwn(declaration.columns, column)) refuse(`a key names no column: '${column}'`);
  }
  const types = Object.fromEntries(columns);
  for (const column of Object.keys(sensitive)) {
    if (!/char$|text$/.test(types[column]?.type ?? '')) refuse(`no text column, yet marked sensitive: '${column}'`);
  }
  return Object.freeze({
    name,
    title,
    database,
    table,
    columns: Object.freeze(types) as Table<Name, ColumnName>['columns'],
    primaryKey,
    indexes,
    sensitive: Object.freeze(sensitive) as Table<Name, ColumnName>['sensitive'],
  });
}

const isIdentifier = (text: string): boolean => IDENTIFIER.test(text);

/** Returns the CREATE TABLE statement of a declared table, in utf8mb4. */
export function createTableSql({ database, table, columns, primaryKey, indexes }: Table): string {
  const lines = [
    ...Object.entries(columns).map(
      ([name, { sql, nullable }]) => `\`${name}\` ${sql} ${nullable ? 'NULL' : 'NOT NULL'}`,
    ),
    `PRIMARY KEY (${list(primaryKey)})`,
    ...indexes.map((index) => `KEY (${list(index)})`),
  ];
  return `CREATE TABLE \`${database}\`.\`${table}\` (\n  ${lines.join(',\n  ')}\n) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4`;
}

const list = (columns: readonly string[]): string => columns.map((column) => `\`${column}\``).join(', ');
