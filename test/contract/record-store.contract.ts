import { describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { costOfSharing } from '../../shared/domain/cost.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { describeAdmission } from './record-store-admission.contract.ts';
import { describeChanges } from './record-store-changes.contract.ts';
import {
  completedRecord,
  createdAt,
  insert,
  newRecord,
  plusMinutes,
  type RecordStoreHarness,
} from './record-store-fixtures.ts';
import { describeWatching } from './record-store-watch.contract.ts';

/** The contract of every RecordStore. The tests share one store, and use admins of their own to stay independent. */
export function describeRecordStore(harness: () => RecordStoreHarness): void {
  describeAdmission(harness);
  describeChanges(harness);
  describeReading(() => harness().store);
  describeWatching(harness);
}

function describeReading(store: () => RecordStore): void {
  describe('a stored record', () => {
    const progress = { table: 'plt_user.vs_user_tag_relation', stage: 1, rows: 12 };
    const full = completedRecord({
      conditions: {
        text: '標籤 “tag” 🏷️ \\ \' " \n\t\u0000',
        nested: { deep: [[1, 2], [{ a: null }], []], empty: {}, 'dotted.name': true, __reserved__: -0.5 },
        large: 9_007_199_254_740_991,
      },
      locale: 'zh-TW',
      departmentId: '部門 3',
      history: [
        { status: 'QUEUED', at: createdAt },
        { status: 'COMPLETED', at: plusMinutes(1) },
      ],
      stage: 1,
      sources: {
        tags: {
          ...progress,
          status: 'DONE',
          expectedRows: 10,
          bytes: 99,
          seconds: 0.125,
          dataAsOf: new Date('2026-03-01T12:00:00.007Z'),
        },
        at: { ...progress, status: 'WAITING' },
      },
      token: 3,
      file: {
        fileAddress: 'bucket/reports/r/報表.csv',
        rows: 3_000_000_000,
        bytes: 9_007_199_254_740_991,
        crc32c: 'yZRlqg==',
      },
      failure: {
        code: 'SOURCES_MISSING',
        message: '沒有 💥',
        sources: [
          { source: 'tags', table: 'plt_user.vs_user_tag_relation', error: 'refused' },
          { source: 'w', table: 't' },
        ],
      },
      cost: costOfSharing(9_007_199_254_740_991),
      reusedFrom: uuid(),
      leftovers: false,
      unannounced: ['COMPLETED', 'EXPIRED'],
    });

    it.each([
      ['with every field', full],
      ['with only what it cannot lack', newRecord()],
      ['whose conditions are null', newRecord({ conditions: null })],
      [
        'whose conditions are thousands of values',
        newRecord({ conditions: { ids: Array.from({ length: 9000 }, (_, i) => i) } }),
      ],
    ])('%s is read as it was written', async (_, record) => {
      await insert(store(), record);
      expect(await store().get(record.id)).toStrictEqual(record);
    });

    it('lacks what was undefined', async () => {
      const record = newRecord({ conditions: { from: '2026-01-01' } });
      await insert(store(), { ...record, conditions: { from: '2026-01-01', to: undefined } });
      expect(await store().get(record.id)).toStrictEqual(record);
    });

    it('has another id', async () => {
      expect(await store().get(uuid())).toBeUndefined();
    });
  });

  describe('the list', () => {
    async function insertFive(): Promise<{ adminId: string; newestFirst: FileDownloadRecord[] }> {
      const adminId = uuid();
      const oldestFirst = [
        completedRecord({ adminId }),
        completedRecord({ adminId, report: 'payments-by-admin' }),
        completedRecord({ adminId, status: 'EXPIRED' }),
        completedRecord({ adminId, report: 'payments-by-admin' }),
        newRecord({ adminId }),
      ];
      // Inserted in an order other than that of their ids.
      for (const index of [3, 0, 4, 2, 1]) await insert(store(), oldestFirst[index] as FileDownloadRecord);
      await insert(store(), completedRecord());
      await insert(store(), completedRecord({ adminId, source: 'backoffice' }));
      return { adminId, newestFirst: oldestFirst.reverse() };
    }

    it('holds the records of one admin of one source, newest first', async () => {
      const { adminId, newestFirst } = await insertFive();
      expect(await store().list({ source: 'portal', adminId, limit: 9 })).toStrictEqual(newestFirst);
    });

    it('is filtered by status and report', async () => {
      const { adminId, newestFirst } = await insertFive();
      const own = { source: 'portal', adminId, limit: 9 };
      const pick = (...indexes: number[]) => indexes.map((index) => newestFirst[index]);
      expect(await store().list({ ...own, status: 'COMPLETED' })).toStrictEqual(pick(1, 3, 4));
      expect(await store().list({ ...own, report: 'payments-by-admin' })).toStrictEqual(pick(1, 3));
      const both = { status: 'EXPIRED', report: 'withdrawals-by-user-tag' } as const;
      expect(await store().list({ ...own, ...both })).toStrictEqual(pick(2));
      expect(await store().list({ ...own, ...both, status: 'FAILED' })).toStrictEqual([]);
    });

    it('is read in pages, each from before the last id of the one before', async () => {
      const { adminId, newestFirst } = await insertFive();
      const own = { source: 'portal', adminId, limit: 2 };
      const first = await store().list(own);
      const second = await store().list({ ...own, before: first[1]?.id ?? '' });
      const third = await store().list({ ...own, before: second[1]?.id ?? '' });
      expect([first.length, second.length, third.length]).toStrictEqual([2, 2, 1]);
      expect([...first, ...second, ...third]).toStrictEqual(newestFirst);
    });
  });

  it('records are due from their instant on, the longest overdue first, as many as asked for', async () => {
    // Earlier than the instants of all other tests.
    const noon = new Date('2001-01-01T12:00:00.500Z');
    const at = (minutes: number) => newRecord({ sweepAt: plusMinutes(minutes, noon) });
    const [second, first, third, later] = [at(-1), at(-2), at(0), at(0.001)];
    const records = [second, first, third, later] as FileDownloadRecord[];
    for (const record of records) await insert(store(), record);
    expect(await store().due(noon, 9)).toStrictEqual([first, second, third]);
    expect(await store().due(noon, 2)).toStrictEqual([first, second]);
    for (const { id } of records) await store().purge(id);
    expect(await store().due(noon, 9)).toStrictEqual([]);
  });
}
