import { describe, expect, it } from '@jest/globals';
import mysql, { type FieldPacket } from 'mysql2';
import type { Column } from '../../domain/columns.ts';
import { resultColumns } from './result-columns.ts';

const { Types } = mysql;
const UNSIGNED = 32;
const ZEROFILL = 64;
const BINARY = 63;
const UTF8MB4 = 45;

/** Returns the definition of a column as in the protocol. */
function field(
  columnType: number,
  more: { flags?: number; characterSet?: number; length?: number; decimals?: number },
) {
  const { flags = 0, characterSet = BINARY, length = 0, decimals = 0 } = more;
  return { name: 'a', columnType, flags, characterSet, columnLength: length, decimals } as unknown as FieldPacket;
}

describe('the kind of a column', () => {
  it.each<[name: string, FieldPacket, Omit<Column, 'name'>]>([
    ['int', field(Types.LONG, {}), { kind: 'integer' }],
    ['bigint unsigned', field(Types.LONGLONG, { flags: UNSIGNED }), { kind: 'unsigned' }],
    ['int zerofill', field(Types.LONG, { flags: UNSIGNED | ZEROFILL }), { kind: 'literal' }],
    ['year', field(Types.YEAR, { flags: UNSIGNED | ZEROFILL }), { kind: 'literal' }],
    [
      'decimal(18,4)',
      field(Types.NEWDECIMAL, { length: 20, decimals: 4 }),
      { kind: 'decimal', precision: 18, scale: 4 },
    ],
    [
      'decimal(18,4) unsigned',
      field(Types.NEWDECIMAL, { length: 19, decimals: 4, flags: UNSIGNED }),
      { kind: 'decimal', precision: 18, scale: 4 },
    ],
    ['decimal(18,0)', field(Types.NEWDECIMAL, { length: 19 }), { kind: 'decimal', precision: 18, scale: 0 }],
    ['decimal(19,0)', field(Types.NEWDECIMAL, { length: 20 }), { kind: 'literal' }],
    ['decimal(65,30)', field(Types.NEWDECIMAL, { length: 67, decimals: 30 }), { kind: 'literal' }],
    ['double', field(Types.DOUBLE, { decimals: 31 }), { kind: 'literal' }],
    ['datetime(6)', field(Types.DATETIME, { decimals: 6 }), { kind: 'literal' }],
    ['varchar', field(Types.VAR_STRING, { characterSet: UTF8MB4 }), { kind: 'text' }],
    ['varbinary', field(Types.VAR_STRING, {}), { kind: 'binary' }],
    ['longtext', field(Types.BLOB, { characterSet: UTF8MB4 }), { kind: 'text' }],
    ['longblob', field(Types.BLOB, {}), { kind: 'binary' }],
    ['bit', field(Types.BIT, { flags: UNSIGNED }), { kind: 'binary' }],
    ['geometry', field(Types.GEOMETRY, {}), { kind: 'binary' }],
    // In MariaDB, JSON is a LONGTEXT; in MySQL it is a type of its own, which MySQL declares as binary.
    ["MySQL's json", field(Types.JSON, {}), { kind: 'text' }],
    ["MySQL's vector", field(Types.VECTOR, {}), { kind: 'binary' }],
  ])('%s', (_name, definition, column) => {
    expect(resultColumns([definition])).toEqual([{ name: 'a', ...column }]);
  });
});

describe('what cannot be exported is refused for good', () => {
  it('a type that is not known', () => {
    expect(() => resultColumns([field(201, {})])).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_COLUMN',
        kind: 'permanent',
        message: 'the column a has a type (201) that cannot be exported',
      }),
    );
  });

  it('two columns of one name', () => {
    const one = field(Types.LONG, {});
    expect(() => resultColumns([one, { ...one, name: 'b' }, one])).toThrow(
      expect.objectContaining({ code: 'REPEATED_COLUMN', kind: 'permanent' }),
    );
  });
});
