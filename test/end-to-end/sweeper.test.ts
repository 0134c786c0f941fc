import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { nextRecord, startTestSystem, stepOf, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(60_000);

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ purpose: 'sweeper', demo: { rows: 3000 } });
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

/** Moves one of a record's instants into the past, so that the test need not wait for days. */
const setBack = (id: string, column: 'deadline' | 'expires_at' | 'completed_at', days: number) =>
  system.mariaDb.sql(
    `UPDATE plt_basic.file_download_record SET ${column} = UTC_TIMESTAMP(3) - INTERVAL ? DAY WHERE id = ?`,
    [days, id],
  );

describe('an unfinished record', () => {
  it('whose wake-ups are all lost is looked at', async () => {
    const own = nextRecord();
    system.cloud.tasks.faults.hold((task) => own(task) && !stepOf(task).includes('sweep'));
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await eventually(async () => (await system.queryDoneCount(id)) === 2);
    expect((await admin.record(id)).status).toBe('QUERYING');
    await system.sweepNow(id);
    await expectRightFile(system.mariaDb, admin, await admin.ended(id));
  });

  it('that is past its deadline fails, and frees its admin', async () => {
    const own = nextRecord();
    system.cloud.tasks.faults.hold(own);
    system.cloud.pubsub.faults.hold(own);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    expect((await admin.post('/v1/downloads', payments)).body).toMatchObject({ code: 'locked', activeId: id });
    await setBack(id, 'deadline', 0);
    await system.sweepNow(id);
    expect(await admin.record(id)).toMatchObject({ status: 'FAILED', failure: { code: 'DEADLINE_EXCEEDED' } });
    await expectRightFile(system.mariaDb, admin, await admin.run(payments));
    // What arrives late is no longer needed.
    await system.endFaults();
    await eventually(() => {
      const { pubsub, tasks } = system.cloud;
      const late = [...pubsub.deliveries, ...tasks.deliveries].filter(({ item }) => own(item));
      return late.length >= 2 && late.every(({ outcome }) => outcome === 204);
    });
    expect((await admin.record(id)).status).toBe('FAILED');
    expect(await system.objects(id)).toEqual([]);
  });

  it('that has vanished leaves no lock behind', async () => {
    const own = nextRecord();
    system.cloud.pubsub.faults.hold(own);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await system.mariaDb.sql('DELETE FROM plt_basic.file_download_record WHERE id = ?', [id]);
    await system.endFaults();
    await system.sweep();
    await expectRightFile(system.mariaDb, admin, await admin.run(payments));
  });
});

it('a file goes when its days are over, and its record when its own are', async () => {
  const admin = await system.newAdmin();
  const { id } = await admin.run(withdrawals);
  // The record's only file remains when the leftovers are removed, and when the sweeper comes before the file expires.
  await system.sweepNow(id);
  await system.sweepNow(id);
  expect(await system.objects(id)).toHaveLength(1);
  expect((await admin.fileStatus(id)).status).toBe(200);

  await setBack(id, 'expires_at', 0);
  expect((await admin.fileStatus(id)).status).toBe(409);
  await system.sweepNow(id);
  expect((await admin.record(id)).status).toBe('EXPIRED');
  await system.sweepNow(id);
  expect(await system.objects(id)).toEqual([]);
  expect((await admin.fileStatus(id)).body.recordStatus).toBe('EXPIRED');
  await system.sweepNow(id);
  expect((await admin.record(id)).status).toBe('EXPIRED');

  await setBack(id, 'completed_at', 181);
  await system.sweepNow(id);
  await expect(admin.record(id)).rejects.toThrow('404');
});
