import { expect, it } from '@jest/globals';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { phasesOf } from './phases.ts';
import type { FileDownloadRecord, Status } from './record.ts';

const at = (seconds: number) => new Date(Date.parse('2026-03-01T12:00:00.000Z') + seconds * 1000);

/** Returns a record that was requested at 0 s, gathered at 5 s and completed at 9 s. */
const record = (snapshots: readonly number[], changes: Partial<FileDownloadRecord> = {}) =>
  newRecord({
    history: (
      [
        ['QUEUED', 0],
        ['QUERYING', 0.1],
        ['WRITING', 5],
        ['COMPLETED', 9],
        ['EXPIRED', 900],
      ] satisfies [Status, number][]
    ).map(([status, seconds]) => ({ status, at: at(seconds) })),
    sources: Object.fromEntries(
      snapshots.map((seconds, index) => [
        `source${index}`,
        { table: 'plt_fund.vs_withdraw', stage: index, status: 'DONE' as const, rows: 1, dataAsOf: at(seconds) },
      ]),
    ),
    ...changes,
  });

it.each<[string, number[], object]>([
  ['the earliest snapshot ends the waiting', [3, 2], { waiting: 2, querying: 3, writing: 4 }],
  ['a clock that is behind makes no time negative', [-7], { waiting: 0, querying: 5, writing: 4 }],
  ['nor does one that is ahead', [60], { waiting: 5, querying: 0, writing: 4 }],
])('%s', (_name, snapshots, phases) => {
  expect(phasesOf(record(snapshots))).toEqual(phases);
});

it('a record that was never written has no phases', () => {
  expect(phasesOf(record([], { history: [{ status: 'COMPLETED', at: at(0) }] }))).toBeUndefined();
  expect(phasesOf(newRecord())).toBeUndefined();
});
