import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { never } from '../../../test/support/never.ts';
import { type Shop, startShop } from '../../../test/support/shop-database.ts';
import { fetchRows, hangUp, openSnapshot } from './snapshot-connection.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

it('a snapshot is of the moment that it tells, not of the first query', async () => {
  const { connection, asOf } = await openSnapshot(shop.login, never);
  try {
    await shop.mariaDb.sql("INSERT INTO shop.orders VALUES (4, 'later')");
    const rows = await fetchRows(connection, { sql: 'SELECT id FROM shop.orders', bindings: [] });
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(asOf.getTime()).toBeLessThanOrEqual(Date.now());
  } finally {
    hangUp(connection);
  }
});
