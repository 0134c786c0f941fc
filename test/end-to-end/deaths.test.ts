import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { addWideWithdrawals, payments, wideWithdrawals, withdrawals } from '../support/orders.ts';
import { nextRecord, startTestSystem, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(90_000);

const WITHDRAWALS = 'query-plt-fund-vs-withdraw';
const PAYMENTS = 'query-plt-fund-vs-payment';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'deaths',
    demo: { rows: 6000 },
    // Six tries take 36 s, longer than the 10 s for which a dead worker's lease lasts.
    clockSpeed: 10,
    proxied: { [WITHDRAWALS]: 'TABLE_DATABASE_URL', [PAYMENTS]: 'REDIS_URL', aggregate: 'REDIS_URL' },
  });
  await addWideWithdrawals(system.mariaDb);
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

it('a query function killed mid-stream is taken over, and the file is right', async () => {
  const own = nextRecord();
  system.proxy(WITHDRAWALS).holdReplies(1_000_000);
  const admin = await system.newAdmin();
  const { id } = await admin.ask(wideWithdrawals);
  const midway = await admin.until(id, ({ sources }) => (sources.withdrawals?.rows ?? 0) > 0);
  expect(await system.queriesOf('vs_withdraw')).toEqual([expect.stringContaining('select `order_no`')]);
  await system.crash(WITHDRAWALS);
  await eventually(async () => (await system.queriesOf('vs_withdraw')).length === 0);
  await system.endFaults();

  const record = await admin.ended(id);
  await expectRightFile(system.mariaDb, admin, record);
  const outcomes = system.cloud.pubsub.deliveries
    .filter(({ item }) => own(item) && item.subscription.includes('vs_withdraw'))
    .map(({ outcome }) => outcome);
  expect(outcomes[0]).toBe(502);
  expect(outcomes).toContain(204);
  expect(record.sources.withdrawals?.rows).toBeGreaterThan(midway.sources.withdrawals?.rows ?? 0);
});

it('an aggregator killed mid-write is taken over, and what it left behind is cleaned up', async () => {
  // One aggregator dies with half a chunk sent, the other with its file complete in storage but unaware of it.
  const { faults } = system.cloud.storage;
  let broken = 0;
  const isChunk = ({ method, object = '' }: { method: string; object?: string }) => {
    const found = method === 'PUT' && object.includes('/withdrawals-');
    if (found) broken++;
    return found;
  };
  faults.breakUpload(isChunk, 50_000, 100);
  faults.unavailable(({ method, object = '' }) => method === 'GET' && object.includes('/payments-'), 100);
  const [cut, untold] = await Promise.all([system.newAdmin(), system.newAdmin()]);
  const [{ id: cutId }, { id: untoldId }] = await Promise.all([cut.ask(withdrawals), untold.ask(payments)]);
  await eventually(async () => broken > 0 && (await system.files(untoldId)).length === 1);
  expect((await cut.record(cutId)).status).toBe('WRITING');
  await system.crash('aggregate');
  faults.clear();

  const [first, second] = await Promise.all([cut.ended(cutId), untold.ended(untoldId)]);
  await expectRightFile(system.mariaDb, cut, first);
  await expectRightFile(system.mariaDb, untold, second);
  expect(await system.files(cutId)).toEqual([first.fileAddress]);
  const [stray, own] = await system.files(untoldId);
  expect([stray, own]).toEqual([expect.stringMatching(/-1\.csv$/), expect.stringMatching(/-2\.csv$/)]);
  expect(own).toBe(second.fileAddress);

  // Leftovers are removed one minute after the end, when no worker can be using them any more.
  await system.sweep();
  expect(await system.files(untoldId)).toEqual([stray, own]);
  await system.sweepNow(untoldId);
  expect(await system.files(untoldId)).toEqual([own]);
  expect(await system.objects(untoldId)).toHaveLength(1);
  await expectRightFile(system.mariaDb, untold, await untold.record(untoldId));
});

describe('Redis loses everything', () => {
  it('between the first and the second source, and between two stages: the stages run again', async () => {
    const [ofA, ofB] = [nextRecord(), nextRecord()];
    const { faults } = system.cloud.pubsub;
    faults.hold((push) => push.subscription.includes('vs_user_tag_relation') && ofA(push));
    faults.hold((push) => push.subscription.includes('vs_payment') && ofB(push));
    const [between, staged] = await Promise.all([system.newAdmin(), system.newAdmin()]);
    const [{ id: betweenId }, { id: stagedId }] = await Promise.all([between.ask(withdrawals), staged.ask(payments)]);
    await eventually(async () => (await system.queryDoneCount(betweenId)) === 1);
    await staged.until(stagedId, ({ stage }) => stage === 1);
    await system.redis.flush();
    await system.endFaults();

    await expectRightFile(system.mariaDb, between, await between.ended(betweenId));
    await expectRightFile(system.mariaDb, staged, await staged.ended(stagedId));
    expect([await system.queryDoneCount(betweenId), await system.queryDoneCount(stagedId)]).toEqual([2, 2]);
  });

  it('while a later stage is read, and what its keys come from changes meanwhile: it is read by the new ones', async () => {
    await system.lockTable('plt_fund.vs_payment');
    const admin = await system.newAdmin();
    const { id } = await admin.ask({ ...payments, conditions: { departmentIds: [1] } });
    await eventually(async () => (await system.queriesOf('vs_payment')).length === 1);
    const { rows } = (await admin.record(id)).sources.admins ?? {};
    await system.redis.flush();
    await system.mariaDb.sql('UPDATE plt_account.vs_admin SET department_id = 1 WHERE department_id = 2');
    await system.endFaults();
    const record = await admin.ended(id);
    await expectRightFile(system.mariaDb, admin, record);
    expect(record.sources.admins?.rows).toBeGreaterThan(rows ?? 0);
  });

  it('while the file is written: it is right', async () => {
    const { faults } = system.cloud.storage;
    let refused = 0;
    faults.unavailable(({ method, object = '' }) => {
      const isFile = method === 'PUT' && object.startsWith('reports/');
      if (isFile) refused++;
      return isFile;
    }, 1000);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await eventually(() => refused > 0);
    expect((await admin.record(id)).status).toBe('WRITING');
    await system.redis.flush();
    await system.endFaults();
    const record = await admin.ended(id);
    await expectRightFile(system.mariaDb, admin, record);
    expect(await system.files(id)).toContain(record.fileAddress);
  });

  it('by its own death, while a source is read: the file is right', async () => {
    system.proxy(WITHDRAWALS).holdReplies(1_000_000);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(wideWithdrawals);
    await eventually(async () => (await system.queryDoneCount(id)) === 1);
    await admin.until(id, ({ sources }) => (sources.withdrawals?.rows ?? 0) > 0);
    system.redis.kill('SIGKILL');
    await system.redis.restart();
    await system.endFaults();
    await expectRightFile(system.mariaDb, admin, await admin.ended(id));
  });
});

it('Redis fails over, and the open connections stay open and silent: no delivery fails for it', async () => {
  // Opens the connections.
  await (await system.newAdmin()).run(payments);
  for (const name of ['aggregate', PAYMENTS]) system.proxy(name).strand();
  const own = nextRecord();
  const admin = await system.newAdmin();
  await expectRightFile(system.mariaDb, admin, await admin.run(payments));
  const outcomes = [...system.cloud.pubsub.deliveries, ...system.cloud.tasks.deliveries]
    .filter(({ item }) => own(item))
    .map(({ outcome }) => outcome);
  expect(new Set(outcomes)).toEqual(new Set([204]));
});
