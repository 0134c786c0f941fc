import { describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { costOfSharing } from '../../shared/domain/cost.ts';
import { STATUSES, type Status } from '../../shared/domain/record.ts';
import {
  cancel,
  complete,
  fail,
  markAnnounced,
  startWriting,
  type Transition,
} from '../../shared/domain/transitions.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import {
  atOnce,
  completedRecord,
  insert,
  newRecord,
  plusMinutes,
  precedentsOf,
  type RecordStoreHarness,
  request,
} from './record-store-fixtures.ts';

const retention = { fileDays: 7, recordDays: 180 };
const file = { fileAddress: 'bucket/file.csv', rows: 1, bytes: 2, crc32c: 'AAAAAA==' };

export function describeChanges(harness: () => RecordStoreHarness): void {
  const store = (): RecordStore => harness().store;

  describe('a change', () => {
    it('is stored, and resolves to the changed record', async () => {
      const record = await insert(store(), newRecord());
      const changed = await store().update(
        record.id,
        fail({ code: 'X', message: '失敗' }, plusMinutes(1), record.token),
      );
      expect(changed).toMatchObject({ status: 'FAILED', failure: { code: 'X', message: '失敗' } });
      expect(await store().get(record.id)).toStrictEqual(changed);
    });

    it('that is refused leaves the record as it is', async () => {
      const record = await insert(store(), completedRecord());
      expect(await store().update(record.id, cancel(plusMinutes(1)))).toBeUndefined();
      expect(await store().get(record.id)).toStrictEqual(record);
    });

    it('may take fields away', async () => {
      const record = await insert(store(), completedRecord());
      const { file: _, expiresAt: __, ...bare } = record;
      await store().update(record.id, () => bare);
      expect(await store().get(record.id)).toStrictEqual(bare);
    });

    it('of a record that is not there is not attempted', async () => {
      const attempts: unknown[] = [];
      const changed = await store().update(uuid(), (record) => {
        attempts.push(record);
        return record;
      });
      expect(changed).toBeUndefined();
      expect(attempts).toStrictEqual([]);
    });

    it('that throws is passed on as it is, and changes nothing', async () => {
      const record = await insert(store(), newRecord());
      const fault = new Error('no');
      const change = store().update(record.id, () => {
        throw fault;
      });
      await expect(change).rejects.toBe(fault);
      expect(await store().get(record.id)).toStrictEqual(record);
    });

    it('is lost in none of 20 at once, and each sees a state of its own', async () => {
      const { id } = await insert(store(), newRecord({ status: 'WRITING' }));
      const taken = await atOnce(20, () => store().update(id, startWriting(plusMinutes(1), {})));
      const tokens = taken.map((record) => record?.token).sort((a = 0, b = 0) => a - b);
      expect(tokens).toStrictEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      expect((await store().get(id))?.token).toBe(20);
    });

    it('to an end says in the same moment that it is unannounced, until that is taken off', async () => {
      const { id } = await insert(store(), newRecord());
      await store().update(id, cancel(plusMinutes(1)));
      expect((await store().get(id))?.unannounced).toStrictEqual(['CANCELLED']);
      await store().update(id, markAnnounced('CANCELLED'));
      expect((await store().get(id))?.unannounced).toStrictEqual([]);
    });

    it('to an end is made by one of many at once', async () => {
      const { id } = await insert(store(), newRecord({ status: 'WRITING' }));
      const ends: Transition[] = [
        cancel(plusMinutes(1)),
        fail({ code: 'X', message: 'x' }, plusMinutes(1), 0),
        complete(0, file, costOfSharing(file.bytes), plusMinutes(1), retention),
      ];
      const made = await Promise.all(ends.map((end) => store().update(id, end)));
      const winners = made.filter((record) => record !== undefined);
      expect(winners).toStrictEqual([await store().get(id)]);
    });
  });

  describe('the lock', () => {
    const active: Status[] = ['QUEUED', 'QUERYING', 'WRITING'];

    it.each(active)('stays with a record that moves to %s', async (status) => {
      const record = await insert(store(), newRecord());
      await store().update(record.id, (current) => ({ ...current, status }));
      const { active: holder } = await precedentsOf(store(), newRecord({ adminId: record.adminId }));
      expect(holder?.id).toBe(record.id);
    });

    it.each(STATUSES.filter((status) => !active.includes(status)))('goes with a move to %s', async (status) => {
      const record = await insert(store(), newRecord());
      await store().releaseOrphanLocks();
      await store().update(record.id, (current) => ({ ...current, status }));
      expect(await store().releaseOrphanLocks()).toBe(0);
      const next = newRecord({ adminId: record.adminId });
      expect(await request(store(), next)).toMatchObject({ outcome: 'inserted' });
    });

    it("stays with its holder when the admin's earlier record changes", async () => {
      const earlier = await insert(store(), completedRecord());
      const holder = await insert(store(), newRecord({ adminId: earlier.adminId }));
      await store().update(earlier.id, (current) => ({ ...current, leftovers: false }));
      const { active: found } = await precedentsOf(store(), newRecord({ adminId: earlier.adminId }));
      expect(found?.id).toBe(holder.id);
    });

    it('passes from a record that ends to one of the requests that come at the same time, or stays free', async () => {
      const first = await insert(store(), newRecord());
      const next = () => newRecord({ adminId: first.adminId });
      const [, ...answers] = await Promise.all([
        store().update(first.id, cancel(plusMinutes(1))),
        ...Array.from({ length: 10 }, () => request(store(), next())),
      ]);
      const inserted = answers.filter(({ outcome }) => outcome === 'inserted').map(({ id }) => id);
      expect(inserted.length).toBeLessThanOrEqual(1);
      const { active: holder } = await precedentsOf(store(), next());
      expect(holder?.id).toBe(inserted[0]);
    });
  });

  describe('an orphan lock', () => {
    const vandals: { deed: string; vandalise: (id: string) => Promise<unknown> }[] = [
      { deed: 'ended', vandalise: (id) => harness().forceStatus(id, 'FAILED') },
      { deed: 'deleted', vandalise: (id) => harness().dropRecord(id) },
    ];

    it.each(vandals)('of a record that was $deed by hand is released, once', async ({ vandalise }) => {
      const record = await insert(store(), newRecord());
      await vandalise(record.id);
      await store().releaseOrphanLocks();
      expect(await store().releaseOrphanLocks()).toBe(0);
      expect(await request(store(), newRecord({ adminId: record.adminId }))).toMatchObject({ outcome: 'inserted' });
    });

    it.each(vandals)('of a record that was $deed by hand does not keep the admin out', async ({ vandalise }) => {
      const record = await insert(store(), newRecord());
      await vandalise(record.id);
      const next = newRecord({ adminId: record.adminId });
      expect(await request(store(), next)).toMatchObject({ outcome: 'inserted' });
      await store().releaseOrphanLocks();
      expect(await precedentsOf(store(), newRecord({ adminId: record.adminId }))).toStrictEqual({ active: next });
    });

    it('is not what an active record holds', async () => {
      const record = await insert(store(), newRecord());
      await store().releaseOrphanLocks();
      expect(await precedentsOf(store(), newRecord({ adminId: record.adminId }))).toStrictEqual({ active: record });
    });
  });

  describe('a purge', () => {
    it('removes the record and the keys bound to it, and nothing of another', async () => {
      const gone = newRecord();
      const kept = newRecord();
      for (const draft of [gone, kept]) {
        await request(store(), draft, 'k1');
        await request(store(), draft, 'k2');
        await store().update(draft.id, cancel(plusMinutes(1)));
      }
      await store().purge(gone.id);
      expect(await store().get(gone.id)).toBeUndefined();
      for (const key of ['k1', 'k2']) {
        expect(await precedentsOf(store(), gone, { key })).toStrictEqual({});
        expect((await precedentsOf(store(), kept, { key })).replay?.record.id).toBe(kept.id);
      }
    });

    it('of a record that is not there does nothing', async () => {
      await expect(store().purge(uuid())).resolves.toBeUndefined();
    });
  });
}
