import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { LARGE, type Shop, startShop, untilHungUp } from '../../../test/support/shop-database.ts';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.ts';

/** Enough for the login and the session's settings, and not for the snapshot. */
const LOGIN_BYTES = 150;

const wanted = Object.assign(new Error('nobody waits'), { name: 'Wanted' });

let shop: Shop;
let proxy: TcpProxy;
let cancel: AbortController;
beforeAll(async () => {
  shop = await startShop();
  proxy = await startTcpProxy(shop.mariaDb.port);
});
beforeEach(() => {
  cancel = new AbortController();
});
afterEach(async () => {
  await proxy.restore();
  await untilHungUp();
});
afterAll(async () => {
  await proxy.close();
  await shop.stop();
});

/** Starts a read through the proxy. Nobody waits for it until it is aborted. */
function begin(sql: string): Promise<string> {
  const read = shop.readAll(sql, cancel.signal, { port: proxy.port });
  read.catch(() => {});
  return read;
}

/** Aborts, and asserts that the read then fails because of that within `seconds`. */
async function expectAborted(read: Promise<unknown>, seconds: number): Promise<void> {
  const from = performance.now();
  cancel.abort(wanted);
  await expect(read).rejects.toMatchObject({ cause: wanted });
  expect(performance.now() - from).toBeLessThan(seconds * 1000);
}

describe('an aborted read of a database that fell silent ends', () => {
  const logins = (user: string) =>
    shop.mariaDb.sql('SELECT id FROM information_schema.processlist WHERE user = ?', [user]);

  it.each([
    ['before it greeted', 0, 'unauthenticated user'],
    ['after the login', LOGIN_BYTES, 'reader'],
  ])('at once: silent %s', async (_when, bytes, user) => {
    proxy.holdReplies(bytes);
    const read = begin('SELECT 1');
    await eventually(async () => (await logins(user)).length === 1);
    await expectAborted(read, 1);
    await eventually(async () => (await logins(user)).length === 0);
  });

  it('within four seconds: silent during a query', async () => {
    const read = begin('SELECT SLEEP(60)');
    await shop.untilWorking(/sleep/);
    proxy.holdReplies(0);
    await expectAborted(read, 4);
  });

  it('within four seconds: silent amid the rows', async () => {
    const { blocks } = await shop.begun(LARGE, cancel.signal, { port: proxy.port });
    proxy.holdReplies(0);
    await expectAborted(blocks.next(), 4);
  });
});

/** Resolves to the keepalive timers, in seconds, of this machine's connections to a port. */
async function keepAliveTimers(port: number): Promise<number[]> {
  const connections = (await readFile('/proc/net/tcp', 'utf8')).trim().split('\n').slice(1);
  return connections.flatMap((line) => {
    const [, , remote, , , timer] = line.trim().split(/\s+/);
    const [kind, hundredths] = timer?.split(':') ?? [];
    const isOurs = remote?.endsWith(`:${port.toString(16).toUpperCase().padStart(4, '0')}`) && kind === '02';
    return isOurs ? [Number.parseInt(hundredths ?? '', 16) / 100] : [];
  });
}

it('the host of a database that fell silent is probed after ten seconds', async () => {
  const read = begin('SELECT SLEEP(60)');
  await shop.untilWorking(/sleep/);
  const [seconds] = await eventually(async () => {
    const timers = await keepAliveTimers(proxy.port);
    return timers.length === 1 && timers;
  });
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(10);
  await expectAborted(read, 1);
});
