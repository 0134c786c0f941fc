import { expect, it } from '@jest/globals';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { isActive, lockOwner, STATUSES } from './record.ts';

it('a record is active, and holds the lock, until its end', () => {
  expect(STATUSES.filter((status) => isActive(newRecord({ status })))).toEqual(['QUEUED', 'QUERYING', 'WRITING']);
});

it('an admin of one portal is not the admin of that number of another', () => {
  expect(lockOwner({ source: 'portal', adminId: '7' })).not.toBe(lockOwner({ source: 'other', adminId: '7' }));
});
