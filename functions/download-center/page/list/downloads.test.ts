import { describe, expect, it } from '@jest/globals';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { type Downloads, withNextPage, withRecord, withSnapshot } from './downloads.ts';

const record = (id: string, fields: Partial<DownloadRecord> = {}) =>
  ({ id, status: 'COMPLETED', report: 'withdrawals', ...fields }) as DownloadRecord;

const listed = (ids: string, nextPageToken?: string): Downloads => ({
  records: [...ids].map((id) => record(id)),
  nextPageToken,
});
const page = (ids: string, nextPageToken?: string) => ({
  downloads: [...ids].map((id) => record(id)),
  ...(nextPageToken ? { nextPageToken } : {}),
});
const shown = ({ records, nextPageToken }: Downloads) => [records.map(({ id }) => id).join(''), nextPageToken];

describe('a snapshot', () => {
  it('is the list where there was none', () => {
    expect(shown(withSnapshot(undefined, page('987', '7')))).toEqual(['987', '7']);
  });

  it('leaves the older pages, if it touches what was known', () => {
    expect(shown(withSnapshot(listed('876543', '3'), page('987', '7')))).toEqual(['9876543', '3']);
  });

  it('goes on where it ends, if no older page was loaded', () => {
    expect(shown(withSnapshot(listed('765', '5'), page('876', '6')))).toEqual(['8765', '5']);
    expect(shown(withSnapshot(listed('987', '7'), page('987', '7')))).toEqual(['987', '7']);
  });

  it('takes the place of all, if there may be a gap', () => {
    expect(shown(withSnapshot(listed('321', '1'), page('987', '7')))).toEqual(['987', '7']);
  });

  it('leaves out what is gone', () => {
    expect(shown(withSnapshot(listed('987654', undefined), page('976', '6')))).toEqual(['97654', undefined]);
  });

  it('may be empty', () => {
    expect(shown(withSnapshot(listed('98'), page('')))).toEqual(['', undefined]);
  });
});

it('the next page is below, without what is there already', () => {
  expect(shown(withNextPage(listed('987', '7'), page('765', '5')))).toEqual(['98765', '5']);
  expect(shown(withNextPage(listed('98', '8'), page('7')))).toEqual(['987', undefined]);
});

describe('a record', () => {
  it('that is new comes first', () => {
    expect(shown(withRecord(listed('87', '7'), record('9'), {}))).toEqual(['987', '7']);
  });

  it('that has changed takes its own place', () => {
    const { records } = withRecord(listed('987'), record('8', { status: 'EXPIRED' }), {});
    expect(records.map(({ id, status }) => `${id} ${status}`)).toEqual(['9 COMPLETED', '8 EXPIRED', '7 COMPLETED']);
  });

  it('below the last page is for a later one', () => {
    expect(shown(withRecord(listed('987', '7'), record('3'), {}))).toEqual(['987', '7']);
    expect(shown(withRecord(listed('987'), record('3'), {}))).toEqual(['9873', undefined]);
  });

  it('that the filter does not want goes, or never comes', () => {
    const filter = { status: 'COMPLETED', report: 'withdrawals' } as const;
    expect(shown(withRecord(listed('98'), record('9', { status: 'EXPIRED' }), filter))).toEqual(['8', undefined]);
    expect(shown(withRecord(listed('8'), record('9', { report: 'other' }), filter))).toEqual(['8', undefined]);
    expect(shown(withRecord(listed('8'), record('9'), filter))).toEqual(['98', undefined]);
  });
});
