import { expect, it } from '@jest/globals';
import { completedRecord, newRecord } from '../../test/contract/record-store-fixtures.ts';
import { withdrawalsByUserTag } from '../reports/withdrawals-by-user-tag.ts';
import { ownRecord, readableRecord } from './find-record.ts';
import { representRecord } from './representation.ts';

const record = newRecord({ source: 'admin-portal', adminId: '7', departmentId: '3', report: withdrawalsByUserTag.id });
const owner = { adminId: '7', departmentId: '3', roles: [], source: 'admin-portal' };
const reader = { ...owner, adminId: '8', roles: ['downloads.department'] };

function access(...reports: (typeof withdrawalsByUserTag)[]) {
  const asked: string[] = [];
  const get = async (id: string) => {
    asked.push(id);
    return id === record.id ? record : undefined;
  };
  return { asked, records: { get }, reports: new Map(reports.map((report) => [report.id, report])) };
}

it('one’s own record is found', async () => {
  expect(await ownRecord(access(withdrawalsByUserTag), record.id, owner)).toBe(record);
});

it('one’s own record of a report that is gone is found', async () => {
  expect(await ownRecord(access(), record.id, owner)).toBe(record);
});

it('a record that one may only read is found, and is not one’s own', async () => {
  expect(await readableRecord(access(withdrawalsByUserTag), record.id, reader)).toBe(record);
  await expect(ownRecord(access(withdrawalsByUserTag), record.id, reader)).rejects.toMatchObject({ code: 'not-own' });
});

it.each([
  ['that does not exist', newRecord().id, owner],
  ['of another admin', record.id, { ...owner, adminId: '8' }],
  ['of the admin of that number of another portal', record.id, { ...owner, source: 'other-portal' }],
  ['of another department', record.id, { ...reader, departmentId: '4' }],
])('a record %s is not there', async (_, id, asker) => {
  await expect(readableRecord(access(withdrawalsByUserTag), id, asker)).rejects.toMatchObject({
    code: 'no-such-record',
  });
});

it('a record of the admin of that number of another portal is not one’s own either', async () => {
  const stranger = { ...owner, source: 'other-portal', roles: ['downloads.all'] };
  for (const reports of [[], [withdrawalsByUserTag]]) {
    await expect(ownRecord(access(...reports), record.id, stranger)).rejects.toMatchObject({ code: 'no-such-record' });
  }
});

it.each([undefined, '', '7', "' OR 1=1", `${record.id}x`])('%p is no id, and the store is not asked', async (id) => {
  const here = access(withdrawalsByUserTag);
  await expect(ownRecord(here, id, owner)).rejects.toMatchObject({ code: 'no-such-record' });
  expect(here.asked).toEqual([]);
});

it('a record is shown without what only the machinery needs, the file’s facts beside the rest', () => {
  const shown = representRecord(completedRecord({ token: 3 }));
  expect(shown).toMatchObject({ status: 'COMPLETED', rows: 2, bytes: 20, crc32c: 'AAAAAA==' });
  for (const hidden of ['token', 'sweepAt', 'leftovers', 'deadline', 'file']) expect(shown).not.toHaveProperty(hidden);
});
