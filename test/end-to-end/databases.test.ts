import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Order } from '../support/admin.ts';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { addWideWithdrawals, payments, wideWithdrawals, withdrawals } from '../support/orders.ts';
import { isScheduled, nextRecord, startTestSystem, stepOf, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(90_000);

const WITHDRAWALS = 'query-plt-fund-vs-withdraw';
const PAYMENTS = 'query-plt-fund-vs-payment';

type Own = ReturnType<typeof nextRecord>;

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({
    purpose: 'databases',
    demo: { rows: 6000 },
    clockSpeed: 20,
    proxied: { [WITHDRAWALS]: 'TABLE_DATABASE_URL', [PAYMENTS]: 'TABLE_DATABASE_URL' },
  });
  await addWideWithdrawals(system.mariaDb);
});
afterEach(() => system?.endFaults());
afterAll(() => system?.stop());

const pushesTo = (own: Own, table: string) =>
  system.cloud.pubsub.deliveries.filter(({ item }) => own(item) && item.subscription.includes(table));

describe('a database that does not answer', () => {
  it('is asked again until it does, when it recovers in time', async () => {
    const own = nextRecord();
    await system.proxy(WITHDRAWALS).refuse();
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    await eventually(() => pushesTo(own, 'vs_withdraw').filter(({ outcome }) => outcome === 500).length === 2);
    expect(Object.entries(await system.fanIn(id))).toContainEqual([
      'error:withdrawals',
      expect.stringContaining('ECONNREFUSED'),
    ]);
    await system.proxy(WITHDRAWALS).restore();
    const record = await admin.ended(id);
    await expectRightFile(system.mariaDb, admin, record);
    expect(Object.keys(await system.fanIn(id)).filter((field) => field.startsWith('error:'))).toEqual([]);
  });

  it('for the whole time fails the record after its sixth try, with the table and its last error', async () => {
    const own = nextRecord();
    await system.proxy(PAYMENTS).refuse();
    const admin = await system.newAdmin();
    const record = await admin.run(payments);
    await system.proxy(PAYMENTS).restore();
    const reason = expect.stringContaining('ECONNREFUSED');
    expect(record).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'SOURCES_MISSING',
        message: expect.stringMatching(/^after 6 tries still missing: plt_fund\.vs_payment \(.*ECONNREFUSED/),
        sources: [{ source: 'payments', table: 'plt_fund.vs_payment', error: reason }],
      },
    });
    const looks = system.cloud.tasks.deliveries.filter(({ item }) => own(item)).map(({ item }) => stepOf(item));
    expect(looks.filter((look) => look.startsWith('s1-'))).toEqual([1, 2, 3, 4, 5, 6].map((look) => `s1-try${look}`));
    expect(await system.objects(record.id)).toEqual([]);
    // A failed report can be requested again.
    const { status, body: again } = await admin.retry(record.id);
    expect({ status, isNew: again.id !== record.id }).toEqual({ status: 202, isNew: true });
    await expectRightFile(system.mariaDb, admin, await admin.ended(again.id));
  });

  it('any more fails the record after the sixth try, which says that it was still being read', async () => {
    system.proxy(WITHDRAWALS).holdReplies(1_000_000);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(wideWithdrawals);
    const queries = () =>
      system.mariaDb.sql(
        "SELECT id FROM information_schema.processlist WHERE user = 'vs_withdraw' AND info IS NOT NULL",
      );
    await eventually(async () => (await queries()).length === 1);
    expect((await admin.ended(id)).failure).toEqual({
      code: 'SOURCES_MISSING',
      message: 'after 6 tries still missing: plt_fund.vs_withdraw (still being read)',
      sources: [{ source: 'withdrawals', table: 'plt_fund.vs_withdraw' }],
    });
    // The query is no longer needed, so it is ended on the server.
    await eventually(async () => (await queries()).length === 0);
    await system.endFaults();
  });

  it('because its server died mid-stream is read anew when that is back', async () => {
    system.proxy(WITHDRAWALS).holdReplies(1_000_000);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(wideWithdrawals);
    await admin.until(id, ({ sources }) => (sources.withdrawals?.rows ?? 0) > 0);
    // The record store is on this server, too.
    system.mariaDb.kill('SIGKILL');
    await system.mariaDb.restart();
    await system.endFaults();
    await expectRightFile(system.mariaDb, admin, await admin.ended(id));
  });
});

describe('a database that refuses', () => {
  const expectFailedAtOnce = async (order: Order, table: string, reason: RegExp) => {
    const own = nextRecord();
    // The look after a minute is held, so what ends the record has ended it before.
    system.cloud.tasks.faults.hold((task) => own(task) && isScheduled(task));
    const admin = await system.newAdmin();
    const record = await admin.run(order);
    await system.endFaults();
    expect(record).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'QUERY_REFUSED',
        message: expect.stringContaining(`${table} could not be read: `),
        sources: [{ table, error: expect.stringMatching(reason) }],
      },
    });
    // The message is acknowledged, so the table is not queried again.
    await eventually(() => pushesTo(own, table).every(({ outcome }) => outcome !== 'in flight'));
    expect(pushesTo(own, table).map(({ outcome }) => outcome)).toEqual([204]);
    return { admin, record };
  };

  it('because the table is missing fails the record at once', async () => {
    await system.mariaDb.sql('RENAME TABLE plt_user.vs_user_tag_relation TO plt_user.gone');
    const { admin, record } = await expectFailedAtOnce(withdrawals, 'plt_user.vs_user_tag_relation', /doesn't exist/);
    await system.mariaDb.sql('RENAME TABLE plt_user.gone TO plt_user.vs_user_tag_relation');
    const { body } = await admin.retry(record.id);
    await expectRightFile(system.mariaDb, admin, await admin.ended(body.id));
  });

  it('because the login may not read it fails the record at once', async () => {
    const rights = 'SELECT ON `plt\\_account`.*';
    await system.mariaDb.sql(`REVOKE ${rights} FROM 'vs_admin'@'127.0.0.1'`);
    const { admin, record } = await expectFailedAtOnce(payments, 'plt_account.vs_admin', /denied/);
    await system.mariaDb.sql(`GRANT ${rights} TO 'vs_admin'@'127.0.0.1'`);
    const { body } = await admin.retry(record.id);
    await expectRightFile(system.mariaDb, admin, await admin.ended(body.id));
  });

  it('because a column is gone fails the record at once, in a later stage too', async () => {
    await system.mariaDb.sql('ALTER TABLE plt_fund.vs_payment RENAME COLUMN remark TO note');
    const { admin, record } = await expectFailedAtOnce(payments, 'plt_fund.vs_payment', /Unknown column 'remark'/);
    await system.mariaDb.sql('ALTER TABLE plt_fund.vs_payment RENAME COLUMN note TO remark');
    const { body } = await admin.retry(record.id);
    await expectRightFile(system.mariaDb, admin, await admin.ended(body.id));
  });
});
