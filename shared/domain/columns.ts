/**
 * The kind of a column's values, between a table and the join. Values travel as the text that MySQL shows. The kind
 * determines how that text is written into CSV and which SQL type the join sees.
 *
 * | kind     | written              | type in the join                           |
 * | -------- | -------------------- | ------------------------------------------ |
 * | integer  | bare                 | BIGINT                                     |
 * | unsigned | bare                 | UBIGINT                                    |
 * | decimal  | bare                 | DECIMAL(precision, scale), up to 18 digits |
 * | literal  | bare                 | VARCHAR                                    |
 * | text     | always in quotes     | VARCHAR                                    |
 * | binary   | 0x…, upper-case hex  | VARCHAR                                    |
 *
 * Literals are floats, wider decimals, all temporals and zero-filled numbers: their text is the value.
 */
export type ColumnKind = 'integer' | 'unsigned' | 'decimal' | 'literal' | 'text' | 'binary';

export interface Column {
  name: string;
  kind: ColumnKind;
  /** For kind decimal only. */
  precision?: number;
  scale?: number;
}

/**
 * The largest number of digits that the join's engine holds in 64 bits. Wider decimals cost it 5 µs per value to read,
 * so they stay text.
 */
export const MAX_NATIVE_DECIMAL = 18;
