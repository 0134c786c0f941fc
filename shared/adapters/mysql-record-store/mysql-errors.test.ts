import { expect, it } from '@jest/globals';
import { isTransient } from './mysql-errors.ts';

const fault = (properties: object) => Object.assign(new Error('fault'), properties);

it.each<[name: string, error: unknown, transient: boolean]>([
  ['a limit of the user', fault({ errno: 1226, sqlState: '42000' }), true],
  ['an interrupted query', fault({ errno: 1317, sqlState: '70100' }), true],
  ['a killed connection', fault({ errno: 1927, sqlState: '70100' }), true],
  ['a statement that took too long (MariaDB)', fault({ errno: 1969, sqlState: '70100' }), true],
  ['a statement that took too long (MySQL)', fault({ errno: 3024, sqlState: 'HY000' }), true],
  ['a server that is read-only', fault({ errno: 1290, sqlState: 'HY000' }), true],
  ['a server that shuts down', fault({ errno: 1053, sqlState: '08S01' }), true],
  ['a deadlock', fault({ errno: 1213, sqlState: '40001' }), true],
  ['a lost connection', fault({ code: 'PROTOCOL_CONNECTION_LOST', fatal: true }), true],
  ['a denied login', fault({ errno: 1045, sqlState: '28000', fatal: true }), false],
  ['a missing table', fault({ errno: 1146, sqlState: '42S02' }), false],
  ['a fault of one’s own', new TypeError('fault'), false],
  ['nothing', undefined, false],
])('the store is unavailable for the moment, or not, after %s', (_name, error, transient) => {
  expect(isTransient(error)).toBe(transient);
});
