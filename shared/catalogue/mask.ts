import type { Mask, Table } from './define-table.ts';

/** SQL of the masked column; NULL and the empty text stay what they are. A text too short to hide anything in is hidden whole. */
const MASKS: Record<Mask, (column: string) => string> = {
  phone: (column) => `IF(CHAR_LENGTH(${column}) > 7, CONCAT(LEFT(${column}, 3), '****', RIGHT(${column}, 4)), '****')`,
  name: (column) => `IF(CHAR_LENGTH(${column}) > 1, CONCAT(LEFT(${column}, 1), '**'), '**')`,
};

/** The name by which sensitive columns are known outside their table. */
export const qualified = ({ name }: Table, column: string) => `${name}.${column}`;

/**
 * The table with these sensitive columns (`<table>.<column>`) masked, as SQL that may stand after FROM; undefined if it has none of them. Whatever reads from it, by
 * whatever SQL, filters included, sees the masked values. MySQL and MariaDB merge it into the query around it, so the table's indexes serve as ever.
 */
export function maskedTable(table: Table, masked: readonly string[]): string | undefined {
  const hidden = new Set(Object.keys(table.sensitive).filter((column) => masked.includes(qualified(table, column))));
  if (hidden.size === 0) return undefined;
  const columns = Object.keys(table.columns).map((column) =>
    hidden.has(column) ? maskColumn(table, column) : `\`${column}\``,
  );
  return `(SELECT ${columns.join(', ')} FROM \`${table.database}\`.\`${table.table}\`) AS \`${table.table}\``;
}

function maskColumn({ sensitive }: Table, name: string): string {
  const column = `\`${name}\``;
  const mask = MASKS[sensitive[name]?.mask ?? 'name'];
  return `IF(${column} IS NULL OR ${column} = '', ${column}, ${mask(column)}) AS ${column}`;
}
