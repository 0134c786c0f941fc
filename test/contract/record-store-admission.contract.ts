import { describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import type { Precedents } from '../../shared/domain/admission.ts';
import { cancel } from '../../shared/domain/transitions.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import {
  atOnce,
  completedRecord,
  createdAt,
  insert,
  newRecord,
  plusMinutes,
  precedentsOf,
  type RecordStoreHarness,
  request,
} from './record-store-fixtures.ts';

export function describeAdmission(harness: () => RecordStoreHarness): void {
  const store = (): RecordStore => harness().store;

  describe('the lock', () => {
    it('is taken by the first active record, which the next request of the admin then finds', async () => {
      const first = await insert(store(), newRecord());
      const other = newRecord({ adminId: first.adminId, conditionsKey: 'f'.repeat(32) });
      expect(await precedentsOf(store(), other)).toStrictEqual({ active: first });
    });

    it.each(['source', 'adminId'] as const)('is nothing to an admin with another %s', async (field) => {
      const first = await insert(store(), newRecord());
      const other = newRecord({ source: first.source, adminId: first.adminId, [field]: 'another' });
      expect(await precedentsOf(store(), other)).toStrictEqual({});
    });

    it.each([
      ['ann', 'Ann'],
      ['ann', 'ann '],
      ['ann', 'ánn'],
      ['7/8', '7'],
      ['管理員', '管理员'],
    ])('and the list tell %j from %j', async (one, other) => {
      const source = uuid();
      const first = await insert(store(), newRecord({ source, adminId: one }));
      expect(await precedentsOf(store(), newRecord({ source, adminId: other }))).toStrictEqual({});
      expect(await store().list({ source, adminId: other, limit: 9 })).toStrictEqual([]);
      expect(await store().list({ source, adminId: one, limit: 9 })).toStrictEqual([first]);
    });

    it('is not taken by a record that is over from the start', async () => {
      const reused = await insert(store(), completedRecord());
      expect(await precedentsOf(store(), newRecord({ adminId: reused.adminId }))).toStrictEqual({});
    });

    it('keeps a second active record of the admin from being inserted', async () => {
      const first = await insert(store(), newRecord());
      const second = newRecord({ adminId: first.adminId });
      await expect(insert(store(), second)).rejects.toThrow();
      expect(await store().get(second.id)).toBeUndefined();
    });

    it('lets exactly one of 50 concurrent requests of an admin in, and shows it to the others', async () => {
      const adminId = uuid();
      const answers = await atOnce(50, () => request(store(), newRecord({ adminId })));
      const [record, ...others] = await store().list({ source: 'portal', adminId, limit: 50 });
      expect(others).toStrictEqual([]);
      expect(answers.filter(({ outcome }) => outcome === 'inserted')).toHaveLength(1);
      expect(new Set(answers.map(({ id }) => id))).toStrictEqual(new Set([record?.id]));
    });

    it('lets 50 concurrent requests of 50 admins in', async () => {
      const answers = await atOnce(50, () => request(store(), newRecord()));
      expect(answers.filter(({ outcome }) => outcome === 'inserted')).toHaveLength(50);
    });
  });

  describe('a decision', () => {
    it('to insert nothing keeps nothing', async () => {
      const draft = newRecord();
      expect(await precedentsOf(store(), draft, { key: 'k' })).toStrictEqual({});
      expect(await store().get(draft.id)).toBeUndefined();
      expect(await precedentsOf(store(), draft, { key: 'k' })).toStrictEqual({});
    });

    it('that throws is passed on as it is, and keeps nothing', async () => {
      const draft = newRecord();
      const refusal = new Error('refused');
      const admission = store().admit({ draft }, () => {
        throw refusal;
      });
      await expect(admission).rejects.toBe(refusal);
      expect(await precedentsOf(store(), draft)).toStrictEqual({});
    });
  });

  describe('an Idempotency-Key', () => {
    it('finds the record it was bound to as it stands now, and what the first request was', async () => {
      const draft = newRecord();
      await request(store(), draft, 'k');
      const cancelled = await store().update(draft.id, cancel(plusMinutes(1)));
      const again = newRecord({ adminId: draft.adminId });
      expect(await precedentsOf(store(), again, { key: 'k' })).toStrictEqual({
        replay: { requestHash: 'hash', record: cancelled },
      });
    });

    it('shows a request with another body what the first one hashed to', async () => {
      const draft = newRecord();
      await request(store(), draft, 'k');
      const seen: Precedents[] = [];
      await store().admit({ draft, idempotency: { key: 'k', requestHash: 'other' } }, (precedents) => {
        seen.push(precedents);
        return {};
      });
      expect(seen).toMatchObject([{ replay: { requestHash: 'hash' } }]);
    });

    it.each(['K', 'k ', 'other'])('is another one when it is %j in place of "k"', async (key) => {
      const draft = newRecord();
      await request(store(), draft, 'k');
      expect(await precedentsOf(store(), draft, { key })).toStrictEqual({ active: draft });
    });

    it('of another admin is another one', async () => {
      await request(store(), newRecord(), 'k');
      expect(await precedentsOf(store(), newRecord(), { key: 'k' })).toStrictEqual({});
    });

    it('may be bound to a record that is there already', async () => {
      const active = await insert(store(), newRecord());
      await request(store(), newRecord({ adminId: active.adminId }), 'k');
      const { replay } = await precedentsOf(store(), newRecord({ adminId: active.adminId }), { key: 'k' });
      expect(replay?.record.id).toBe(active.id);
    });

    it('stays bound to the first record', async () => {
      const first = completedRecord();
      const second = completedRecord({ adminId: first.adminId });
      for (const draft of [first, second]) {
        const idempotency = { key: 'k', requestHash: 'hash' };
        await store().admit({ draft, idempotency }, () => ({ insert: draft, remember: draft }));
      }
      const { replay } = await precedentsOf(store(), newRecord({ adminId: first.adminId }), { key: 'k' });
      expect(replay?.record.id).toBe(first.id);
    });

    it.each([
      ['take the lock', newRecord],
      ['take no lock', completedRecord],
    ])('lets one of 20 concurrent requests that %s in, and is replayed to the others', async (_, draftOf) => {
      const adminId = uuid();
      const answers = await atOnce(20, () => request(store(), draftOf({ adminId }), 'k'));
      expect(await store().list({ source: 'portal', adminId, limit: 20 })).toHaveLength(1);
      expect(answers.filter(({ outcome }) => outcome === 'inserted')).toHaveLength(1);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    });
  });

  describe('the reusable record', () => {
    const candidates = {
      newest: completedRecord({ completedAt: plusMinutes(3) }),
      older: completedRecord({ completedAt: plusMinutes(2) }),
      completedTooEarly: completedRecord({ completedAt: createdAt }),
      expired: completedRecord({ completedAt: plusMinutes(4), expiresAt: plusMinutes(5) }),
      markedExpired: completedRecord({ completedAt: plusMinutes(4), status: 'EXPIRED' }),
      failed: newRecord({ completedAt: plusMinutes(4), status: 'FAILED' }),
      unfinished: newRecord(),
    };
    type Candidate = keyof typeof candidates;
    const cases: { stored: Candidate[]; found: Candidate | undefined }[] = [
      { stored: ['older', 'newest'], found: 'newest' },
      { stored: ['newest', 'older'], found: 'newest' },
      { stored: ['completedTooEarly'], found: undefined },
      { stored: ['expired'], found: undefined },
      { stored: ['expired', 'older'], found: 'older' },
      { stored: ['markedExpired', 'failed', 'unfinished'], found: undefined },
    ];

    it.each(cases)('among $stored is $found', async ({ stored, found }) => {
      const conditionsKey = uuid().replaceAll('-', '');
      const ids: Partial<Record<Candidate, string>> = {};
      for (const name of stored) {
        const record = { ...candidates[name], id: uuid(), adminId: uuid(), conditionsKey };
        ids[name] = (await insert(store(), record)).id;
      }
      const draft = newRecord({ conditionsKey, createdAt: plusMinutes(5) });
      const { reusable } = await precedentsOf(store(), draft, { reuseSince: createdAt });
      expect(reusable?.id).toBe(found && ids[found]);
      expect(
        await precedentsOf(store(), { ...draft, conditionsKey: 'f'.repeat(32) }, { reuseSince: createdAt }),
      ).toStrictEqual({});
      expect(await precedentsOf(store(), draft)).toStrictEqual({});
    });
  });
}
