import { ReportError } from '../domain/errors.ts';
import type { Mask, Sensitivity, Table } from './define-table.ts';

/**
 * The SQL of a masked column. NULL and the empty text stay unchanged. A text that is too short to hide anything in is
 * hidden completely.
 */
const MASKS: Record<Mask, (column: string) => string> = {
  phone: (column) => `CASE
    WHEN CHAR_LENGTH(${column}) >= 11 THEN CONCAT(LEFT(${column}, 3), '****', RIGHT(${column}, 4))
    WHEN CHAR_LENGTH(${column}) >= 7 THEN CONCAT('****', RIGHT(${column}, 2))
    ELSE '****' END`,
  name: (column) => `IF(CHAR_LENGTH(${column}) > 1, CONCAT(LEFT(${column}, 1), '**'), '**')`,
};

/** Returns the name by which a sensitive column is known outside its table. */
export const qualified = ({ name }: Table, column: string) => `${name}.${column}`;

/** Returns the roles that see each of a table's sensitive columns in clear, by `<table>.<column>`. */
export function clearFor(table: Table): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries<Sensitivity | undefined>(table.sensitive).map(([column, sensitivity]) => [
      qualified(table, column),
      sensitivity?.clearFor ?? [],
    ]),
  );
}

/**
 * Returns the SELECT list of a table's columns, with these sensitive ones (`<table>.<column>`) masked, or undefined if
 * the table has none of them. Throws DEFINITION_CHANGED (permanent) if this version of the table does not declare how
 * to mask one of its columns that must be masked.
 */
export function maskedColumns(table: Table, masked: readonly string[]): string | undefined {
  const mine = masked.filter((column) => column.startsWith(`${table.name}.`));
  if (mine.length === 0) return undefined;
  const views = new Map(
    Object.entries<Sensitivity | undefined>(table.sensitive).map(([column, sensitivity]) => [
      qualified(table, column),
      sensitivity,
    ]),
  );
  for (const column of mine) if (!views.get(column)) throw unknownMask(column);
  const columns = Object.keys(table.columns).map((column) => {
    const name = qualified(table, column);
    const sensitivity = mine.includes(name) ? views.get(name) : undefined;
    return sensitivity ? maskColumn(sensitivity.mask, column) : `\`${column}\``;
  });
  return columns.join(', ');
}

function maskColumn(mask: Mask, name: string): string {
  const column = `\`${name}\``;
  return `IF(${column} IS NULL OR ${column} = '', ${column}, ${MASKS[mask](column)}) AS ${column}`;
}

function unknownMask(column: string): ReportError {
  return new ReportError(
    'DEFINITION_CHANGED',
    `${column} is to be masked, and was not sensitive before; run it again`,
    {
      kind: 'permanent',
    },
  );
}
