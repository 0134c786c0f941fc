import { describe, expect, it } from '@jest/globals';
import { type ColumnType, parseColumnType } from './column-type.ts';

const plain = { nullable: true, unsigned: false, zerofill: false };

describe('a column type is read from its declaration', () => {
  const understood: [declaration: string, expected: ColumnType][] = [
    ['bigint unsigned not null', { ...plain, type: 'bigint', unsigned: true, nullable: false, sql: 'bigint unsigned' }],
    ['int(11) null', { ...plain, type: 'int', length: 11, sql: 'int(11)' }],
    ['int zerofill', { ...plain, type: 'int', unsigned: true, zerofill: true, sql: 'int zerofill' }],
    ['decimal(20,4)', { ...plain, type: 'decimal', length: 20, scale: 4, sql: 'decimal(20,4)' }],
    [
      'decimal(65, 30) unsigned',
      { ...plain, type: 'decimal', length: 65, scale: 30, unsigned: true, sql: 'decimal(65, 30) unsigned' },
    ],
    ['decimal(8)', { ...plain, type: 'decimal', length: 8, scale: 0, sql: 'decimal(8)' }],
    ['decimal', { ...plain, type: 'decimal', length: 10, scale: 0, sql: 'decimal' }],
    ['double', { ...plain, type: 'double', sql: 'double' }],
    ['bit', { ...plain, type: 'bit', length: 1, sql: 'bit' }],
    ['datetime(3) not null', { ...plain, type: 'datetime', fsp: 3, nullable: false, sql: 'datetime(3)' }],
    ['time', { ...plain, type: 'time', fsp: 0, sql: 'time' }],
    ['varchar(64)', { ...plain, type: 'varchar', length: 64, sql: 'varchar(64)' }],
    ['text', { ...plain, type: 'text', sql: 'text' }],
    ["enum('a','it''s, b')", { ...plain, type: 'enum', values: ['a', "it's, b"], sql: "enum('a','it''s, b')" }],
    ["set('x') not null", { ...plain, type: 'set', values: ['x'], nullable: false, sql: "set('x')" }],
  ];
  it.each(understood)('%s', (declaration, expected) => {
    expect(parseColumnType(declaration)).toEqual(expected);
  });
});

describe('what is not understood is refused with the reason', () => {
  const refused: [declaration: string, reason: string][] = [
    ['geometry', 'no column type known here'],
    ['integer', 'no column type known here'],
    ['constructor', 'no column type known here'],
    ['bigint default 0', 'no column type known here'],
    ['text; drop table x', 'no column type known here'],
    ['', 'no column type known here'],
    ['varchar', 'expected a length in parentheses'],
    ['varchar(99999)', 'expected a length up to 16383'],
    ['varchar(x)', 'expected a length up to 16383'],
    ['varchar()', 'expected a length up to 16383'],
    ['decimal(66,2)', 'expected a precision up to 65'],
    ['decimal(4,5)', 'expected a scale up to 4'],
    ['decimal(10,2,1)', 'expected a precision and a scale'],
    ['datetime(7)', 'expected a number of digits up to 6'],
    ['date(3)', 'expected no parentheses'],
    ['text unsigned', 'text takes no unsigned'],
    ['enum(a,b)', 'expected quoted values'],
    ['enum', 'expected quoted values'],
  ];
  it.each(refused)('%s: %s', (declaration, reason) => {
    expect(() => parseColumnType(declaration)).toThrow(reason);
  });
});
