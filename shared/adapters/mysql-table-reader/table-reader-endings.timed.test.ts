import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'mysql2/promise';
import { eventually } from '../../../test/support/eventually.ts';
import { never } from '../../../test/support/never.ts';
import { LARGE, type Shop, startShop, textOf, untilHungUp } from '../../../test/support/shop-database.ts';

const refused = { code: 'QUERY_REFUSED', kind: 'permanent' };
const unavailable = { code: 'DATABASE_UNAVAILABLE', kind: 'transient' };

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterEach(() => untilHungUp());
afterAll(() => shop.stop());

/** Runs `act` and asserts that the reader's connection is gone from the server within a second. */
async function expectGoneAfter(act: () => unknown): Promise<void> {
  const from = performance.now();
  await act();
  await shop.untilGone();
  expect(performance.now() - from).toBeLessThan(1000);
}

describe('a read that is given up is gone from the server within a second', () => {
  const wanted = Object.assign(new Error('nobody waits'), { name: 'Wanted' });

  it('when it is aborted between blocks, though nobody asks for the next', async () => {
    const cancel = new AbortController();
    const { blocks } = await shop.begun(LARGE, cancel.signal);
    await expectGoneAfter(() => cancel.abort(wanted));
    await expect(blocks.next()).rejects.toMatchObject({ cause: wanted });
  });

  it.each<[during: string, sql: string, state: RegExp]>([
    ['a sort', 'SELECT a.seq FROM shop.seq_1_to_3000 a, shop.seq_1_to_3000 b ORDER BY RAND()', /sort|Sending data/i],
    ['a sleep', 'SELECT SLEEP(60)', /sleep/],
  ])('when it is aborted during %s', async (_during, sql, state) => {
    const cancel = new AbortController();
    const failed = expect(shop.readAll(sql, cancel.signal)).rejects.toMatchObject({ cause: wanted });
    await shop.untilWorking(state);
    await expectGoneAfter(() => cancel.abort(wanted));
    await failed;
  });

  it('when it is aborted while somebody else holds the table', async () => {
    const { root, host, port } = shop.mariaDb;
    const holder = await createConnection({ ...root, host, port });
    await holder.query('LOCK TABLES shop.orders WRITE');
    try {
      const cancel = new AbortController();
      const failed = expect(shop.readAll('SELECT * FROM shop.orders', cancel.signal)).rejects.toMatchObject({
        cause: wanted,
      });
      await shop.untilWorking(/metadata lock/);
      await expectGoneAfter(() => cancel.abort(wanted));
      await failed;
    } finally {
      await holder.end();
    }
  });

  it('when it was aborted before it began', async () => {
    await expectGoneAfter(() =>
      expect(shop.readAll(LARGE, AbortSignal.abort(wanted))).rejects.toMatchObject({ cause: wanted }),
    );
  });

  it('when the reader leaves', async () => {
    const { blocks } = await shop.begun(LARGE);
    await expectGoneAfter(() => blocks.return(undefined));
  });

  it('when a row is too large', async () => {
    const tooLarge =
      "SELECT IF(id < 20000, text, REPEAT('x', 16000000)) a, REPEAT('x', 800000) b FROM shop.large WHERE id > 19999";
    await expect(shop.readAll(tooLarge)).rejects.toMatchObject({ code: 'ROW_TOO_LARGE', kind: 'permanent' });
    // Measured from here, because the server takes a while to produce such a row.
    await expectGoneAfter(async () => {});
  });
});

it('aborting a read that has ended does nothing', async () => {
  const connections = async () => {
    const [status] = await shop.mariaDb.sql<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Connections'");
    return Number(status?.Value);
  };
  const cancel = new AbortController();
  await shop.readAll('SELECT * FROM shop.orders', cancel.signal);
  await shop.untilGone();
  const before = await connections();
  cancel.abort();
  await shop.working();
  // The connections of the two queries that observe the server.
  expect((await connections()) - before).toBe(2);
});

describe('a fault', () => {
  it.each<[name: string, sql: string, message: RegExp]>([
    ['a missing table', 'SELECT * FROM shop.nothing', /shop.nothing.*exist/],
    ['a missing column', 'SELECT nothing FROM shop.orders', /nothing/],
    ['a table that the login may not read', 'SELECT * FROM mysql.user', /denied/],
    ['bad SQL', 'SELECT FROM', /syntax/],
    [
      'an error in the middle of the rows',
      'SELECT IF(id < 9000, text, (SELECT 1 UNION SELECT id)) FROM shop.large',
      /more than 1 row/,
    ],
  ])('is for good: %s', async (_name, sql, message) => {
    await expect(shop.readAll(sql)).rejects.toMatchObject({ ...refused, message: expect.stringMatching(message) });
  });

  it('is for good: a wrong password', async () => {
    const failed = shop.readAll('SELECT 1', never, { password: 'wrong' });
    await expect(failed).rejects.toMatchObject({ ...refused, message: expect.stringMatching(/denied/) });
  });

  it('passes: a connection that is killed on the way, and never is it the end of the rows', async () => {
    const { blocks } = await shop.begun(LARGE);
    const { id } = await shop.untilWorking(/Writing to net/);
    await shop.mariaDb.sql(`KILL ${id}`);
    await expect(textOf({ blocks })).rejects.toMatchObject(unavailable);
  });

  it('passes: a query that is killed while it works', async () => {
    const failed = expect(shop.readAll('SELECT SLEEP(60) FROM shop.orders')).rejects.toMatchObject(unavailable);
    const { id } = await shop.untilWorking(/sleep/);
    await shop.mariaDb.sql(`KILL QUERY ${id}`);
    await failed;
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGKILL'])('passes: a server that ends on the way by %s', async (signal) => {
    const { blocks } = await shop.begun(LARGE);
    shop.mariaDb.kill(signal);
    await expect(textOf({ blocks })).rejects.toMatchObject(unavailable);
    await eventually(() =>
      shop.readAll('SELECT 1').then(
        () => false,
        ({ message }) => /REFUSED/.test(message),
      ),
    );
    await expect(shop.readAll('SELECT 1')).rejects.toMatchObject(unavailable);
    await shop.mariaDb.restart();
    expect(await shop.readAll('SELECT 1')).toBe('1\n');
  });
});
