import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { projectRoot } from '../../../../infra/setup/local-folder.ts';
import { failureKind, isWorthRetrying } from './failure-kind.ts';

/** Codes with which no record fails: their cause is retried, concerns no record, or arises after the record's end. */
const NEVER = new Set([
  'ADDRESS_REFUSED',
  'BAD_CALL',
  'BAD_MESSAGE',
  'BAD_TASK',
  'BUSY',
  'KEYS_CHANGED',
  'KEYS_MISSING',
  'DEFINITION_NOT_DEPLOYED',
  'LEASE_LOST',
  'NOT_WANTED',
  'RECORD_STORE_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
  'WEBHOOK_FAILED',
]);

const deployed = ['functions', 'shared'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(projectRoot, folder, path), 'utf8')),
);
const codes = deployed.flatMap((text) =>
  [...text.matchAll(/(?:new ReportError\(|code: )[^;]*?;/g)].flatMap(([statement]) =>
    [...statement.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code = '']) => code),
  ),
);

it('every code that a record may fail with is put into words', () => {
  expect(codes).toEqual(
    expect.arrayContaining(['SOURCES_MISSING', 'DEADLINE_EXCEEDED', 'QUERY_REFUSED', 'JOIN_FAILED']),
  );
  expect([...new Set(codes)].filter((code) => !NEVER.has(code) && failureKind(code) === 'other')).toEqual([]);
});

it.each([
  ['DEADLINE_EXCEEDED', true],
  ['NEW_CODE', true],
  ['QUERY_REFUSED', false],
  ['JOIN_FAILED', false],
  ['ROW_TOO_LARGE', false],
])('after %s, to try again is the way on: %s', (code, worth) => {
  expect(isWorthRetrying(code)).toBe(worth);
});

it('one that nobody knows is put into general words', () => {
  expect([failureKind('NEW_CODE'), failureKind('toString')]).toEqual(['other', 'other']);
});
