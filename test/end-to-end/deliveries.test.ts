import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { isScheduled, nextRecord, startTestSystem, stepOf, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(90_000);

type Own = ReturnType<typeof nextRecord>;

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'deliveries',
    demo: { rows: 3000 },
    clockSpeed: 20,
    proxied: { 'create-report': 'PUBSUB_EMULATOR_HOST' },
  });
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

const pushes = (own: Own) => system.cloud.pubsub.deliveries.filter(({ item }) => own(item));
const tasks = (own: Own) => system.cloud.tasks.deliveries.filter(({ item }) => own(item));

describe('what is delivered more than once', () => {
  it.each([
    { ...withdrawals, lastLook: 's0-try1' },
    { ...payments, lastLook: 's1-try1' },
  ])('is counted once and makes one file: $report', async ({ lastLook, ...order }) => {
    const own = nextRecord();
    for (const { faults } of [system.cloud.pubsub, system.cloud.tasks]) {
      faults.duplicate(own, 1, 'concurrent');
      faults.duplicate(own, 1, 'afterwards');
    }
    const admin = await system.newAdmin();
    const { id } = await admin.run(order);
    // The last stage's scheduled look arrives when everything is done, in three copies like everything else. A copy
    // that finds another one at work is retried.
    const lastLooks = () => tasks(own).filter(({ item, attempt }) => stepOf(item) === lastLook && attempt === 1);
    await eventually(() => lastLooks().length === 3);
    await eventually(() => [...pushes(own), ...tasks(own)].every(({ outcome }) => outcome !== 'in flight'));

    expect(pushes(own).filter(({ copy }) => copy).length).toBeGreaterThanOrEqual(4);
    const record = await admin.record(id);
    await expectRightFile(system.mariaDb, admin, record);
    expect(record.history.map(({ status }) => status)).toEqual(['QUEUED', 'QUERYING', 'WRITING', 'COMPLETED']);
    expect(await system.queryDoneCount(id)).toBe(Object.keys(record.sources).length);
    expect(await system.files(id)).toEqual([record.fileAddress]);
  });
});

describe('what is lost or late', () => {
  it('is sent again: every first message and every first task dropped', async () => {
    const own = nextRecord();
    system.cloud.pubsub.faults.drop(own, 3);
    system.cloud.tasks.faults.drop(own, 3);
    const admin = await system.newAdmin();
    const record = await admin.run(withdrawals);
    expect(pushes(own).filter(({ outcome }) => outcome === 'dropped')).toHaveLength(3);
    expect(tasks(own).filter(({ outcome }) => outcome === 'dropped')).toHaveLength(3);
    await expectRightFile(system.mariaDb, admin, record);
  });

  it('is made up for by the next look: no wake-up ever arrives', async () => {
    const own = nextRecord();
    system.cloud.tasks.faults.hold((task) => own(task) && !isScheduled(task));
    const admin = await system.newAdmin();
    const record = await admin.run(payments);
    expect(tasks(own).map(({ item }) => stepOf(item))).toEqual(['s0-try1', 's1-try1']);
    await expectRightFile(system.mariaDb, admin, record);
  });

  it('does no harm when it comes after all: a message held until the aggregator asked again', async () => {
    const own = nextRecord();
    let isFirst = true;
    system.cloud.pubsub.faults.hold((push) => {
      const held = isFirst && own(push) && push.subscription.includes('vs_withdraw');
      if (held) isFirst = false;
      return held;
    });
    const admin = await system.newAdmin();
    const record = await admin.run(withdrawals);
    await system.endFaults();
    await eventually(() => pushes(own).length >= 3 && pushes(own).every(({ outcome }) => outcome === 204));
    await expectRightFile(system.mariaDb, admin, await admin.record(record.id));
  });
});

describe('a record of another version of its report', () => {
  /** Requests the report as a create-report with that version would, and lets the other functions work on it. */
  async function askForVersion(version: number, minutesAgo = 0) {
    const own = nextRecord();
    for (const { faults } of [system.cloud.pubsub, system.cloud.tasks]) faults.hold(own);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    const setVersion = (to: number) =>
      system.mariaDb.sql(
        `UPDATE plt_basic.file_download_record
         SET definition_version = ?, created_at = created_at - INTERVAL ? MINUTE WHERE id = ?`,
        [to, minutesAgo, id],
      );
    await setVersion(version);
    await system.endFaults();
    const failed = () => [pushes(own), tasks(own)].map((all) => all.some(({ outcome }) => outcome === 500));
    return { admin, id, setVersion, failed };
  }
  const changed = { status: 'FAILED', failure: { code: 'DEFINITION_CHANGED' } };

  it('that is newer waits for the functions to be deployed', async () => {
    const { admin, id, setVersion, failed } = await askForVersion(2);
    await eventually(() => failed().every(Boolean));
    expect((await admin.record(id)).status).toBe('QUERYING');
    // The deployment: from here on, the functions have the record's version.
    await setVersion(1);
    await expectRightFile(system.mariaDb, admin, await admin.ended(id));
  });

  it('that is newer, though the deployment must have ended, fails', async () => {
    const { admin, id } = await askForVersion(2, 15);
    expect(await admin.ended(id)).toMatchObject(changed);
  });

  it('that is older fails at once', async () => {
    const { admin, id, failed } = await askForVersion(0);
    expect(await admin.ended(id)).toMatchObject(changed);
    expect(failed()).toEqual([false, false]);
  });
});

describe('Pub/Sub does not answer create-report', () => {
  it('so the asker has the QUEUED record within seconds, and the next look at it asks the tables', async () => {
    await system.proxy('create-report').refuse();
    const admin = await system.newAdmin();
    const record = await admin.ask(withdrawals);
    await system.proxy('create-report').restore();
    expect(record.status).toBe('QUEUED');
    expect(Date.now() - Date.parse(record.history[0]?.at ?? '')).toBeLessThan(10_000);
    await expectRightFile(system.mariaDb, admin, await admin.ended(record.id));
  });

  it('and it dies: the record stays QUEUED, and the sweeper has the tables asked', async () => {
    const own = nextRecord();
    // Otherwise the aggregator's own look, a minute later, would make up for it as well.
    system.cloud.tasks.faults.hold((task) => own(task) && isScheduled(task));
    await system.proxy('create-report').refuse();
    const admin = await system.newAdmin();
    const asked = admin.post('/v1/downloads', withdrawals).catch(() => ({ status: 0 }));
    const { id } = await eventually(() => admin.newest());
    await system.crash('create-report');
    await system.proxy('create-report').restore();
    expect((await asked).status).not.toBe(202);
    expect(await admin.record(id)).toMatchObject({ status: 'QUEUED' });
    expect(pushes(own)).toEqual([]);

    // As if its grace period of 30 seconds were over.
    await system.sweepNow(id);
    await expectRightFile(system.mariaDb, admin, await admin.ended(id));
  });

  it('and it dies after the tables were asked, before the record says so: the record is completed all the same', async () => {
    // Opens the connection, so that a request can be sent over it.
    await (await system.newAdmin()).run(payments);
    const own = nextRecord();
    system.cloud.tasks.faults.hold((task) => own(task) && isScheduled(task));
    system.proxy('create-report').holdReplies(0);
    const admin = await system.newAdmin();
    const asked = admin.post('/v1/downloads', payments).catch(() => ({ status: 0 }));
    const { id } = await eventually(() => admin.newest());
    await eventually(() => pushes(own).length > 0);
    await system.crash('create-report');
    await system.endFaults();
    expect((await asked).status).not.toBe(202);
    await expectRightFile(system.mariaDb, admin, await admin.ended(id));
  });
});
