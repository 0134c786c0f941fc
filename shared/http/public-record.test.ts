import { describe, expect, it } from '@jest/globals';
import { completedRecord, newRecord } from '../../test/contract/record-store-fixtures.ts';
import type { Report } from '../catalogue/define-report.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { representRecord } from '../http/representation.ts';
import { withdrawalsByUserTag } from '../reports/withdrawals-by-user-tag.ts';
import { publicRecord } from './public-record.ts';

const PHONE = '13800138000';
const conditions = { tagIds: [1, 2], phone: PHONE };
const report: Report = {
  ...withdrawalsByUserTag,
  version: 1,
  sensitiveConditions: { phone: ['plt_fund.vs_withdraw.phone'] },
};

describe('a record', () => {
  const failure = {
    code: 'QUERY_REFUSED',
    message: `plt_fund.vs_withdraw could not be read: Incorrect value: '${PHONE}'`,
    sources: [{ source: 'withdrawals', table: 'plt_fund.vs_withdraw', error: `Incorrect value: '${PHONE}'` }],
  };
  const failed = newRecord({ status: 'FAILED', failure, conditions, definitionVersion: 1 });

  it('with nothing to hide is shown as the API shows it', () => {
    const open: Report = { ...report, sensitiveConditions: {}, clearFor: {} };
    for (const record of [failed, completedRecord({ definitionVersion: 1 })]) {
      expect(publicRecord(record, open)).toEqual(representRecord(record));
    }
  });

  it.each<[string, FileDownloadRecord, Report | undefined]>([
    ['a sensitive condition', failed, report],
    ['a report that nobody knows any more', failed, undefined],
    ['a report that has changed since', failed, { ...report, version: 2, sensitiveConditions: {} }],
  ])('of %s shows no value, and nothing that it could be told from', (_, record, known) => {
    const shown = publicRecord(record, known);
    expect(JSON.stringify(shown)).not.toContain(PHONE);
    expect(shown).not.toHaveProperty('conditionsKey');
    expect(shown).toMatchObject({
      id: failed.id,
      status: 'FAILED',
      conditionsWithheld: true,
      conditions: known === report ? { tagIds: [1, 2] } : {},
      failure: { code: 'QUERY_REFUSED', sources: [{ source: 'withdrawals', table: 'plt_fund.vs_withdraw' }] },
    });
  });

  it('of a report that reads something sensitive shows no text of a database, which may quote it', () => {
    const shown = publicRecord(failed, { ...report, sensitiveConditions: {} });
    expect(shown).toMatchObject({ conditions, conditionsKey: failed.conditionsKey });
    expect(shown).not.toHaveProperty('conditionsWithheld');
    expect(shown.failure).toEqual({
      code: 'QUERY_REFUSED',
      sources: [{ source: 'withdrawals', table: 'plt_fund.vs_withdraw' }],
    });
  });

  it('shows what does not concern anybody else in no case', () => {
    for (const hidden of ['token', 'sweepAt', 'deadline', 'leftovers', 'unannounced'])
      expect(publicRecord(failed, report)).not.toHaveProperty(hidden);
  });
});
