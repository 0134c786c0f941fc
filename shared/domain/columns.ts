/**
 * What a column's values are, between a table and the join. Values travel as the text MySQL shows; the kind says how that text is
 * written into CSV and which SQL type the join sees.
 *
 * | kind     | written              | type in the join                              |
 * | -------- | -------------------- | --------------------------------------------- |
 * | integer  | bare                 | BIGINT                                        |
 * | unsigned | bare                 | UBIGINT                                       |
 * | decimal  | bare                 | DECIMAL(precision, scale), up to 18 digits    |
 * | literal  | bare                 | VARCHAR: floats, wider decimals, all temporals, zero-filled numbers: their text is the value |
 * | text     | always in quotes     | VARCHAR                                       |
 * | binary   | 0x…, upper-case hex  | VARCHAR                                       |
 */
export type ColumnKind = 'integer' | 'unsigned' | 'decimal' | 'literal' | 'text' | 'binary';

export interface Column {
  name: string;
  kind: ColumnKind;
  /** For kind decimal only. */
  precision?: number;
  scale?: number;
}

/** The widest decimal that the join's engine holds in 64 bits; wider ones cost it 5 µs a value to read, so they stay text. */
export const MAX_NATIVE_DECIMAL = 18;
