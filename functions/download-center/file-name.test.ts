import { expect, it } from '@jest/globals';
import { withdrawalsByUserTag } from '../../shared/reports/withdrawals-by-user-tag.ts';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { fileNamesOf } from './file-name.ts';

const createdAt = new Date('2026-03-01T09:05:59.999Z');

it.each([
  ['en', 'Withdrawals by user tag-2026-03-01-0905.csv'],
  ['zh-TW', '標籤用戶提現報表-2026-03-01-0905.csv'],
  ['zh-CN', '标签用户提现报表-2026-03-01-0905.csv'],
] as const)('a file asked for in %s is called %s', (locale, name) => {
  const record = newRecord({ createdAt, locale, report: 'withdrawals-by-user-tag' });
  expect(fileNamesOf(record, withdrawalsByUserTag)).toEqual({
    fileName: name,
    plainName: 'withdrawals-by-user-tag-2026-03-01-0905.csv',
  });
});
