import { describe, expect, it } from '@jest/globals';
import { ReportError } from '../../domain/errors.ts';
import { mysqlFault } from './mysql-fault.ts';

const fault = (message: string, properties: object) => Object.assign(new Error(message), properties);

describe('what a fault of the database means', () => {
  it.each<[name: string, error: unknown, kind: string, code: string]>([
    ['a missing table', fault('no such table', { errno: 1146, sqlState: '42S02' }), 'permanent', 'QUERY_REFUSED'],
    ['a denied login', fault('denied', { errno: 1045, sqlState: '28000' }), 'permanent', 'QUERY_REFUSED'],
    [
      'too many connections',
      fault('too many', { errno: 1040, sqlState: '08004' }),
      'transient',
      'DATABASE_UNAVAILABLE',
    ],
    ['a deadlock', fault('deadlock', { errno: 1213, sqlState: '40001' }), 'transient', 'DATABASE_UNAVAILABLE'],
    ['an altered table', fault('altered', { errno: 1412, sqlState: 'HY000' }), 'transient', 'DATABASE_UNAVAILABLE'],
    ['a lost connection', fault('lost', { code: 'PROTOCOL_CONNECTION_LOST' }), 'transient', 'DATABASE_UNAVAILABLE'],
    ['anything else', 'something', 'transient', 'DATABASE_UNAVAILABLE'],
  ])('%s', (_name, error, kind, code) => {
    expect(mysqlFault(error)).toMatchObject({ kind, code, cause: error });
  });

  it.each([
    ['a cluster that is not ready', 1047, '08S01'],
    ['an aborted connection', 1152, '08S01'],
    ['a connection that was aborted before it was used', 1184, '08S01'],
    ['a connection that idled', 4031, 'HY000'],
    ['a full temporary table', 1114, 'HY000'],
    ['a fault of the storage engine', 1030, 'HY000'],
    ['a fault in writing a temporary file', 3, 'HY000'],
    ['a fault in writing a file', 1026, 'HY000'],
    ['a server that may not write', 1290, 'HY000'],
    ['a server that is read-only', 1836, 'HY000'],
    ['a connection that was killed', 1927, '70100'],
    ['a read that took too long (MariaDB)', 1969, '70100'],
    ['a read that took too long (MySQL)', 3024, 'HY000'],
  ])('%s passes', (_name, errno, sqlState) => {
    expect(mysqlFault(fault('not now', { errno, sqlState }))).toMatchObject({
      ...{ kind: 'transient', code: 'DATABASE_UNAVAILABLE' },
    });
  });

  it('a fault that is understood already stays what it is', () => {
    const understood = new ReportError('NOT_WANTED', 'nobody waits', { kind: 'permanent' });
    expect(mysqlFault(understood)).toBe(understood);
  });

  it('tells the code where the message says nothing, as of a connection refused at several addresses', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(mysqlFault(refused).message).toBe('ECONNREFUSED');
  });
});
