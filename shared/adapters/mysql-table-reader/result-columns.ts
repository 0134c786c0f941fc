import mysql, { type FieldPacket } from 'mysql2';
import { type Column, MAX_NATIVE_DECIMAL } from '../../domain/columns.ts';
import { ReportError } from '../../domain/errors.ts';

const { Types } = mysql;

const UNSIGNED = 32;
const ZEROFILL = 64;
/** The character set number of binary values; also of numbers and temporal values, whose text is ASCII. */
const BINARY_CHARSET = 63;

const INTEGERS: readonly number[] = [Types.TINY, Types.SHORT, Types.INT24, Types.LONG, Types.LONGLONG];
const DECIMALS: readonly number[] = [Types.DECIMAL, Types.NEWDECIMAL];
const LITERALS: readonly number[] = [
  Types.FLOAT,
  Types.DOUBLE,
  Types.NULL,
  Types.YEAR,
  Types.DATE,
  Types.NEWDATE,
  Types.TIME,
  Types.DATETIME,
  Types.TIMESTAMP,
];
const STRINGS: readonly number[] = [
  Types.VARCHAR,
  Types.VAR_STRING,
  Types.STRING,
  Types.ENUM,
  Types.SET,
  Types.TINY_BLOB,
  Types.MEDIUM_BLOB,
  Types.LONG_BLOB,
  Types.BLOB,
];
const BYTES: readonly number[] = [Types.BIT, Types.GEOMETRY, Types.VECTOR];

/**
 * Returns the columns of a result, from the protocol's column definitions. Throws (permanent) for a type that this
 * project does not support, and for a name that is used twice.
 */
export function resultColumns(fields: readonly FieldPacket[]): Column[] {
  const names = fields.map((field) => field.name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new ReportError('REPEATED_COLUMN', `the query names the column ${repeated} twice`, { kind: 'permanent' });
  }
  return fields.map(resultColumn);
}

function resultColumn(field: FieldPacket): Column {
  const type = Number(field.columnType);
  const flags = Number(field.flags);
  const name = field.name;
  // The value's text is, for example, 007, which no number type would preserve.
  if (flags & ZEROFILL) return { name, kind: 'literal' };
  if (INTEGERS.includes(type)) return { name, kind: flags & UNSIGNED ? 'unsigned' : 'integer' };
  if (DECIMALS.includes(type)) return decimalColumn(name, field, Boolean(flags & UNSIGNED));
  if (LITERALS.includes(type)) return { name, kind: 'literal' };
  // MySQL marks JSON as binary, although it is utf8mb4 text.
  if (type === Types.JSON) return { name, kind: 'text' };
  if (STRINGS.includes(type)) return { name, kind: field.characterSet === BINARY_CHARSET ? 'binary' : 'text' };
  if (BYTES.includes(type)) return { name, kind: 'binary' };
  throw new ReportError('UNSUPPORTED_COLUMN', `the column ${name} has a type (${type}) that cannot be exported`, {
    kind: 'permanent',
  });
}

function decimalColumn(name: string, field: FieldPacket, unsigned: boolean): Column {
  const scale = Number(field.decimals);
  // The definition contains the display length: the digits, a point if there are decimals, and a sign unless unsigned.
  const precision = Number(field.columnLength) - (scale > 0 ? 1 : 0) - (unsigned ? 0 : 1);
  return precision <= MAX_NATIVE_DECIMAL ? { name, kind: 'decimal', precision, scale } : { name, kind: 'literal' };
}
