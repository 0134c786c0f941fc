import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEndpoint } from '../../test/support/endpoint.ts';
import { eventually } from '../../test/support/eventually.ts';
import { Deliverer, type Outcome } from './deliverer.ts';

describe('a deliverer', () => {
  let deliverer: Deliverer<string>;
  beforeEach(() => {
    deliverer = new Deliverer();
  });
  afterEach(() => deliverer.close());

  const deliver = (item: string, url: string, timeoutMs = 10_000): Promise<Outcome> => {
    const prepare = async () => ({ url, method: 'POST', headers: {}, body: Buffer.from(item), timeoutMs });
    return deliverer.deliver(item, 1, url, prepare);
  };
  const log = () => deliverer.deliveries.map(({ item, copy, outcome }) => [item, copy ? 'copy' : 'original', outcome]);

  it('distinguishes a response, a timeout and an unreachable endpoint', async () => {
    await using endpoint = await startEndpoint(({ body }) => (body === 'slow' ? 'nothing' : 418));
    expect(await deliver('quick', endpoint.url)).toBe(418);
    expect(await deliver('slow', endpoint.url, 30)).toBe('timeout');
    await endpoint.close();
    expect(await deliver('late', endpoint.url)).toBe('unreachable');
    expect(log()).toEqual([
      ['quick', 'original', 418],
      ['slow', 'original', 'timeout'],
      ['late', 'original', 'unreachable'],
    ]);
  });

  it('accepts a 102 as the response if no final status follows', async () => {
    const server = createServer(({ url }, response) => {
      response.writeProcessing();
      if (url === '/only') response.socket?.end();
      else response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await deliver('x', `${url}/only`)).toBe(102);
    expect(await deliver('x', `${url}/followed`)).toBe(500);
    server.close();
  });

  it('drops the first matching deliveries', async () => {
    await using endpoint = await startEndpoint();
    deliverer.faults.drop((item) => item === 'unlucky', 2);
    const outcomes = ['unlucky', 'lucky', 'unlucky', 'unlucky'].map((item) => deliver(item, endpoint.url));
    expect(await Promise.all(outcomes)).toEqual(['dropped', 204, 'dropped', 204]);
    expect(endpoint.received.map(({ body }) => body).sort()).toEqual(['lucky', 'unlucky']);
  });

  it('sends copies concurrently with the original', async () => {
    const together = Promise.withResolvers<number>();
    await using endpoint = await startEndpoint((_, count) => {
      if (count === 3) together.resolve(204);
      return together.promise;
    });
    deliverer.faults.duplicate(() => true, 2, 'concurrent');
    expect(await deliver('x', endpoint.url)).toBe(204);
    await eventually(() => log().every(([, , outcome]) => outcome === 204));
    expect(log().filter(([, copy]) => copy === 'copy')).toHaveLength(2);
  });

  it('sends copies after the response to the original, and ignores the responses to them', async () => {
    await using endpoint = await startEndpoint((_, count) => (count === 1 ? 204 : 500));
    deliverer.faults.duplicate(() => true, 1, 'afterwards');
    expect(await deliver('x', endpoint.url)).toBe(204);
    await eventually(() => log()[1]?.[2] === 500);
    expect(log()).toEqual([
      ['x', 'original', 204],
      ['x', 'copy', 500],
    ]);
  });

  it('holds matching deliveries until they are released, and delays them', async () => {
    await using endpoint = await startEndpoint();
    const release = deliverer.faults.hold((item) => item === 'held');
    const held = deliver('held', endpoint.url);
    await deliver('free', endpoint.url);
    expect(endpoint.received.map(({ body }) => body)).toEqual(['free']);
    deliverer.faults.delay((item) => item === 'held', 50);
    const releasedAt = performance.now();
    release();
    expect(await held).toBe(204);
    expect(performance.now() - releasedAt).toBeGreaterThanOrEqual(49);
  });

  it('applies no faults once they are cleared', async () => {
    await using endpoint = await startEndpoint();
    const { faults } = deliverer;
    faults.hold();
    faults.drop(() => true, 9);
    faults.delay(() => true, 60_000);
    faults.duplicate(() => true, 9, 'concurrent');
    const held = deliver('x', endpoint.url);
    faults.clear();
    expect(await held).toBe(204);
    expect(log()).toEqual([['x', 'original', 204]]);
  });

  it('logs the latest thousand deliveries', async () => {
    deliverer.faults.drop(() => true, 1001);
    for (let i = 0; i <= 1000; i++) await deliver(`${i}`, 'http://127.0.0.1:9');
    expect(deliverer.deliveries).toHaveLength(1000);
    expect(deliverer.deliveries[0]?.item).toBe('1');
  });

  it('closes the connections and cancels the timers when closed', async () => {
    await using endpoint = await startEndpoint(() => 'nothing');
    const pending = deliver('x', endpoint.url);
    let ran = false;
    deliverer.after(0, () => {
      ran = true;
    });
    deliverer.close();
    expect(await pending).toBe('unreachable');
    deliverer.after(0, () => {
      ran = true;
    });
    // This timer was set after those of the deliverer, and so would fire after them.
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(ran).toBe(false);
  });
});
