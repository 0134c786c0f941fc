import { expect, it } from '@jest/globals';
import * as names from './names.ts';
import { TERMINAL_STATUSES } from './record.ts';

const ids = ['01a20578-1fcf-7081-bf3d-4ed8f9af18dd', '01a20578-1fcf-7081-bf3d-4ed8f9af18de'];
const attempts = ['4a3c2f8e-0000-4000-8000-000000000001', '4a3c2f8e-0000-4000-8000-000000000002'];
const table = 'plt_fund.vs_withdraw';
const tables = [table, 'keys.orders', 'error.orders'];
const createdAt = new Date('2026-03-01T23:59:59.999Z');
const numbers = [0, 1, 11];
const fileOf = (id: string, token: number) => names.fileObject({ id, createdAt, report: 'payments-by-admin', token });

const taskNames = ids.flatMap((id) =>
  numbers.flatMap((stage) => [
    ...numbers.flatMap((attempt) => [
      names.requeueTask(id, stage, attempt),
      names.stageDoneTask(id, stage, `dispatch-${attempt}`, 'tags'),
      names.stageDoneTask(id, stage, `dispatch-${attempt}`, 'withdrawals'),
    ]),
    names.sweepTask(id, new Date(stage)),
  ]),
);
const events = ids.flatMap((id) => TERMINAL_STATUSES.map((status) => names.eventId(id, status)));
const webhookTasks = events.flatMap((event) => ['portal', 'a'.repeat(64)].map((to) => names.webhookTask(event, to)));

it('no two things share a name', () => {
  const redisKeys = ids.flatMap((id) => [
    names.fanInKey(id),
    names.aggregatorLeaseKey(id),
    ...['tags', 'withdrawals'].map((source) => names.sourceLeaseKey(id, source)),
  ]);
  const hashFields = [
    names.DONE_COUNT_FIELD,
    ...['tags', 'withdrawals'].flatMap((source) => [
      ...tables.map((table) => names.resultField(table, source)),
      names.errorField(source),
      names.keysField(source),
    ]),
  ];
  const objects = ids.flatMap((id) => [
    ...attempts
      .flatMap((attempt) => [names.attemptPrefix(id, 'tags', attempt), names.keysAttemptPrefix(id, 'tags', attempt)])
      .flatMap((prefix) => numbers.map((index) => names.partObject(prefix, index))),
    ...numbers.map((token) => fileOf(id, token)),
  ]);
  for (const group of [redisKeys, hashFields, objects, taskNames, events, webhookTasks])
    expect(new Set(group).size).toBe(group.length);
});

it('a field of the fan-in hash tells what it holds, and of which source', () => {
  for (const source of ['tags', 'keys', 'error']) {
    for (const table of tables) {
      expect(names.parseFanInField(names.resultField(table, source))).toEqual({ kind: 'result', source });
    }
    expect(names.parseFanInField(names.keysField(source))).toEqual({ kind: 'keys', source });
    expect(names.parseFanInField(names.errorField(source))).toEqual({ kind: 'error', source });
  }
  expect(names.parseFanInField(names.DONE_COUNT_FIELD)).toBeUndefined();
});

it('names are as the systems that keep them want them', () => {
  expect(names.fanInKey(ids[0] as string)).toBe(`FileDownloadRecordEntity-${ids[0]}`);
  expect(names.resultField(table, 'withdrawals')).toBe('plt_fund.vs_withdraw.withdrawals');
  // https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks
  for (const name of [...taskNames, ...webhookTasks]) expect(name).toMatch(/^[A-Za-z0-9_-]{1,500}$/);
  expect(fileOf(ids[0] as string, 2)).toBe(`reports/2026/03/01/${ids[0]}/payments-by-admin-2.csv`);
  expect(names.partObject(names.attemptPrefix(ids[0] as string, 'tags', 'a'), 7)).toBe(
    `parts/${ids[0]}/tags/a/000007.csv.zst`,
  );
});

it("a record's prefixes hold all that is the record's and nothing of another's", () => {
  const [own, other] = ids as [string, string];
  const prefix = names.filesPrefix({ id: own, createdAt });
  expect(fileOf(own, 3).startsWith(prefix)).toBe(true);
  expect(fileOf(other, 3).startsWith(prefix)).toBe(false);
  expect(names.attemptPrefix(own, 'tags', 'a').startsWith(names.partsPrefix(own))).toBe(true);
  expect(names.attemptPrefix(other, 'tags', 'a').startsWith(names.partsPrefix(own))).toBe(false);
});

it('names of one moment do not begin alike, so that Cloud Tasks spreads their load', () => {
  const beginnings = numbers.map((attempt) => names.requeueTask(ids[0] as string, 0, attempt).slice(0, 8));
  expect(new Set(beginnings).size).toBe(numbers.length);
});
