import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { cancel, startWriting } from '../../shared/domain/transitions.ts';
import type { RecordScope, RecordStore } from '../../shared/ports/record-store.ts';
import { eventually } from '../support/eventually.ts';
import { insert, newRecord, plusMinutes, type RecordStoreHarness } from './record-store-fixtures.ts';

const SECONDS = 3;

/** Starts a watch that collects its records in `seen`. `await using` ends it, and throws if the watch has failed. */
export async function startWatch(store: RecordStore, scope: RecordScope) {
  const ending = new AbortController();
  const seen: FileDownloadRecord[] = [];
  const begun = Promise.withResolvers<void>();
  const watching = (async () => {
    for await (const batch of store.watch(scope, ending.signal)) {
      begun.resolve();
      seen.push(...batch);
    }
  })();
  watching.catch(begun.reject);
  await begun.promise;
  return {
    seen,
    ended: watching,
    /** Resolves when exactly this state of the record has arrived. */
    sees: (record: FileDownloadRecord | undefined) =>
      eventually(() => seen.some((other) => isDeepStrictEqual(other, record)), SECONDS),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await watching;
    },
  };
}

export function describeWatching(harness: () => RecordStoreHarness): void {
  const store = (): RecordStore => harness().store;

  describe('a watch', () => {
    const scopes: [name: string, scope: (record: FileDownloadRecord) => RecordScope][] = [
      ['an admin', ({ source, adminId }) => ({ source, adminId })],
      ['a department', ({ source, departmentId }) => ({ source, departmentId })],
      ['an asking system', ({ source }) => ({ source })],
    ];

    it.each(scopes)('of %s tells within 3 s what another instance inserts and changes', async (_, scopeOf) => {
      const other = harness().open();
      const record = newRecord({ source: uuid(), departmentId: uuid() });
      await using watch = await startWatch(store(), scopeOf(record));
      await insert(other, record);
      await watch.sees(record);
      const cancelled = await other.update(record.id, cancel(plusMinutes(1)));
      await watch.sees(cancelled);
      expect(watch.seen.at(-1)).toStrictEqual(cancelled);
      await other.close();
    });

    it('tells nothing of what was there before, and nothing twice', async () => {
      const adminId = uuid();
      await insert(store(), newRecord({ adminId, status: 'FAILED' }));
      await using watch = await startWatch(store(), { source: 'portal', adminId });
      const [first, second] = [newRecord({ adminId, status: 'FAILED' }), newRecord({ adminId })];
      await watch.sees(await insert(store(), first));
      await watch.sees(await insert(store(), second));
      expect(watch.seen).toStrictEqual([first, second]);
    });

    it("never tells another's", async () => {
      const own = newRecord({ departmentId: uuid() });
      const { source, adminId, departmentId } = own;
      const others = [
        newRecord({ departmentId: `${departmentId} `, adminId: `${adminId} ` }),
        newRecord({ departmentId: uuid() }),
        newRecord({ source: 'backoffice', adminId, departmentId }),
      ];
      await using byAdmin = await startWatch(store(), { source, adminId });
      await using byDepartment = await startWatch(store(), { source, departmentId });
      for (const record of others) {
        await insert(store(), record);
        await store().update(record.id, cancel(plusMinutes(1)));
      }
      await insert(store(), own);
      for (const watch of [byAdmin, byDepartment]) {
        await watch.sees(own);
        expect(watch.seen).toStrictEqual([own]);
      }
    });

    it('and what is read once it has begun miss no change between them', async () => {
      const record = await insert(store(), newRecord({ status: 'WRITING' }));
      const { source, adminId } = record;
      const change = () => store().update(record.id, startWriting(plusMinutes(1), {}));
      let stop = false;
      const changing = (async () => {
        while (!stop) await change();
      })();
      await using watch = await startWatch(store(), { source, adminId });
      const read = await store().get(record.id);
      stop = true;
      await changing;
      const last = await store().get(record.id);
      await eventually(() => [read, ...watch.seen].at(-1)?.token === last?.token, SECONDS);
      expect(Math.max(...[read, ...watch.seen].map((state) => state?.token ?? 0))).toBe(last?.token);
    });

    it('ends when it is aborted, and leaves nothing open', async () => {
      const other = harness().open();
      const ending = new AbortController();
      const watch = other.watch({ source: 'portal', adminId: uuid() }, ending.signal)[Symbol.asyncIterator]();
      expect(await watch.next()).toStrictEqual({ done: false, value: [] });
      const next = watch.next();
      ending.abort();
      expect(await next).toStrictEqual({ done: true, value: undefined });
      await other.close();
    });

    it('that is aborted before it begins tells nothing', async () => {
      const watch = store().watch({ source: 'portal' }, AbortSignal.abort())[Symbol.asyncIterator]();
      expect(await watch.next()).toStrictEqual({ done: true, value: undefined });
    });
  });
}
