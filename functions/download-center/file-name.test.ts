import { expect, it } from '@jest/globals';
import { withdrawalsByUserTag } from '../../shared/reports/withdrawals-by-user-tag.ts';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { fileNameOf } from './file-name.ts';

const createdAt = new Date('2026-03-01T09:05:59.999Z');

it.each([
  ['en', 'Withdrawals by user tag-2026-03-01-0905.csv'],
  ['zh-TW', '標籤用戶提現報表-2026-03-01-0905.csv'],
  ['zh-CN', '标签用户提现报表-2026-03-01-0905.csv'],
] as const)('a file asked for in %s is called %s', (locale, name) => {
  expect(fileNameOf(newRecord({ createdAt, locale }), withdrawalsByUserTag)).toBe(name);
});

it('a file of a report that is gone is called by its id', () => {
  expect(fileNameOf(newRecord({ createdAt, report: 'gone' }), undefined)).toBe('gone-2026-03-01-0905.csv');
});
