import { expect, it } from '@jest/globals';
import { completedRecord, newRecord } from '../../test/contract/record-store-fixtures.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { ownRecord } from './own-record.ts';
import { representRecord } from './representation.ts';

const record = newRecord({ source: 'admin-portal', adminId: '7' });
const caller = { adminId: '7', departmentId: '3', roles: [], source: 'admin-portal' };

function storeOf() {
  const asked: string[] = [];
  const get = async (id: string) => {
    asked.push(id);
    return id === record.id ? record : undefined;
  };
  return { asked, records: { get } as Pick<RecordStore, 'get'> as RecordStore };
}

it('one’s own record is found', async () => {
  expect(await ownRecord(storeOf().records, record.id, caller)).toBe(record);
});

it.each([
  ['that does not exist', newRecord().id, caller],
  ['of another admin', record.id, { ...caller, adminId: '8' }],
  ['of the admin of that number of another portal', record.id, { ...caller, source: 'other-portal' }],
])('a record %s is not there', async (_, id, asker) => {
  await expect(ownRecord(storeOf().records, id, asker)).rejects.toMatchObject({ status: 404, code: 'no-such-record' });
});

it.each([undefined, '', '7', "' OR 1=1", `${record.id}x`])('%p is no id, and the store is not asked', async (id) => {
  const { asked, records } = storeOf();
  await expect(ownRecord(records, id, caller)).rejects.toMatchObject({ status: 404 });
  expect(asked).toEqual([]);
});

it('a record is shown without what only the machinery needs, the file’s facts beside the rest', () => {
  const shown = representRecord(completedRecord({ token: 3 }));
  expect(shown).toMatchObject({ status: 'COMPLETED', rows: 2, bytes: 20, crc32c: 'AAAAAA==' });
  for (const hidden of ['token', 'sweepAt', 'leftovers', 'deadline', 'file']) expect(shown).not.toHaveProperty(hidden);
});
