import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Admin } from '../support/admin.ts';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { addWideWithdrawals, payments, wideWithdrawals, withdrawals } from '../support/orders.ts';
import { nextRecord, startTestSystem, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(60_000);

const WITHDRAWALS = 'query-plt-fund-vs-withdraw';
const PAYMENTS = 'query-plt-fund-vs-payment';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'cancel',
    demo: { rows: 3000 },
    proxied: {
      'create-report': 'PUBSUB_EMULATOR_HOST',
      aggregate: 'STORAGE_EMULATOR_HOST',
      [WITHDRAWALS]: 'TABLE_DATABASE_URL',
      [PAYMENTS]: 'STORAGE_EMULATOR_HOST',
    },
  });
  await addWideWithdrawals(system.mariaDb);
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

/** Cancels the record, and asserts the guarantee: it is CANCELLED, and `stopped` holds within two seconds. */
async function expectCancelled(admin: Admin, id: string, stopped: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  const { status, body } = await admin.cancel(id);
  expect([status, body.status]).toEqual([200, 'CANCELLED']);
  await eventually(stopped, 2 - (performance.now() - began) / 1000);
}

/**
 * Asserts that the admin may request another report, and that the cancelled record stays cancelled and leaves no
 * objects.
 */
async function expectFreed(admin: Admin, id: string): Promise<void> {
  await expectRightFile(system.mariaDb, admin, await admin.run(payments));
  await system.sweepNow(id);
  const { status, history } = await admin.record(id);
  expect([status, history.at(-1)?.status]).toEqual(['CANCELLED', 'CANCELLED']);
  expect(await system.objects(id)).toEqual([]);
}

const idle = async () => (await system.queriesOf('vs_withdraw')).length === 0;

async function connectionsOf(user: string): Promise<number> {
  const connections = await system.mariaDb.sql('SELECT ID FROM information_schema.processlist WHERE USER = ?', [user]);
  return connections.length;
}

describe('a cancelled record', () => {
  it('that is QUEUED is never asked for', async () => {
    await (await system.newAdmin()).run(payments);
    const own = nextRecord();
    system.proxy('create-report').holdReplies(0);
    system.cloud.pubsub.faults.hold(own);
    const admin = await system.newAdmin();
    const asked = admin.post('/v1/downloads', withdrawals);
    const { id, status } = await eventually(() => admin.newest());
    expect(status).toBe('QUEUED');
    await expectCancelled(admin, id, idle);
    await system.endFaults();
    await asked;
    const answered = () => system.cloud.pubsub.deliveries.filter(({ item, outcome }) => own(item) && outcome === 204);
    await eventually(() => answered().length === 2);
    expect(await system.fanIn(id)).toEqual({});
    await expectFreed(admin, id);
  });

  it('whose rows are streaming takes its query off the server', async () => {
    system.proxy(WITHDRAWALS).holdReplies(1_000_000);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(wideWithdrawals);
    await admin.until(id, ({ sources }) => (sources.withdrawals?.rows ?? 0) > 0);
    expect(await system.queriesOf('vs_withdraw')).toEqual([expect.stringContaining('select `order_no`')]);
    await expectCancelled(admin, id, idle);
    await system.endFaults();
    await expectFreed(admin, id);
  });

  it('whose query waits for a locked table takes it off the server', async () => {
    await system.lockTable('plt_fund.vs_withdraw');
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await eventually(async () => (await system.queriesOf('vs_withdraw')).some((query) => query.includes('Waiting')));
    await expectCancelled(admin, id, idle);
    await system.endFaults();
    await expectFreed(admin, id);
  });

  it('whose query works on and on without finding a row takes it off the server', async () => {
    const { sql } = system.mariaDb;
    await sql('RENAME TABLE plt_fund.vs_withdraw TO plt_fund.real_withdraw');
    await sql('CREATE VIEW plt_fund.vs_withdraw AS SELECT * FROM plt_fund.real_withdraw WHERE SLEEP(0.01) = 1');
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await eventually(async () => (await system.queriesOf('vs_withdraw')).some((query) => query.includes('User sleep')));
    await expectCancelled(admin, id, idle);
    await sql('DROP VIEW plt_fund.vs_withdraw');
    await sql('RENAME TABLE plt_fund.real_withdraw TO plt_fund.vs_withdraw');
    await expectFreed(admin, id);
  });

  it('whose rows storage does not confirm is left by its query', async () => {
    const { sql } = system.mariaDb;
    await sql(
      `INSERT INTO plt_fund.vs_payment
       SELECT seq, CONCAT('P9', seq), (SELECT MIN(id) FROM plt_account.vs_admin WHERE department_id = 1), '1', 'x', 'PAID', REPEAT('x', 5000), NULL, '2030-01-01'
       FROM plt_fund.seq_1_to_400`,
    );
    const own = nextRecord();
    system.proxy(PAYMENTS).holdReplies(0);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(payments);
    const answered = () => system.cloud.pubsub.deliveries.filter(({ item, outcome }) => own(item) && outcome === 204);
    await eventually(async () => answered().length === 1 && (await system.objects(id)).length > 0);
    await expectCancelled(admin, id, async () => answered().length === 2);
    await sql('DELETE FROM plt_fund.vs_payment WHERE id <= 400');
    await system.endFaults();
    await expectFreed(admin, id);
  });

  it('whose database fell silent after the login lets go of lease and connection', async () => {
    // Enough for the login, and not for the snapshot.
    system.proxy(WITHDRAWALS).holdReplies(150);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await eventually(async () => (await connectionsOf('vs_withdraw')) > 0);
    expect(await system.isReading(id, 'withdrawals')).toBe(true);
    await expectCancelled(
      admin,
      id,
      async () => !(await system.isReading(id, 'withdrawals')) && (await connectionsOf('vs_withdraw')) === 0,
    );
    await system.endFaults();
    await expectFreed(admin, id);
  });

  it('that is being written gets no file', async () => {
    system.proxy('aggregate').holdReplies(0);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await admin.until(id, ({ status }) => status === 'WRITING');
    expect(await system.isAggregating(id)).toBe(true);
    await expectCancelled(admin, id, async () => !(await system.isAggregating(id)));
    expect((await admin.fileStatus(id)).status).toBe(409);
    await system.endFaults();
    await expectFreed(admin, id);
  });

  it('that has ended is told so', async () => {
    const admin = await system.newAdmin();
    const { id } = await admin.run(payments);
    const { status, body } = await admin.cancel(id);
    expect([status, body.code]).toEqual([409, 'already-finished']);
    expect((await admin.record(id)).status).toBe('COMPLETED');
  });
});
