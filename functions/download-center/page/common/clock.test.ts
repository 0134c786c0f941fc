import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import { serverNow, timedFetch } from './clock.ts';

it('times are by the server’s clock, as far as its answers tell', async () => {
  const dates = [new Date(Date.now() + 3_600_000).toUTCString(), 'unknown', new Date().toUTCString()];
  const server = createServer((_request, response) => response.setHeader('Date', dates.shift() ?? '').end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const ask = () => timedFetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const minutesAhead = () => Math.round((serverNow() - Date.now()) / 60_000);
  try {
    expect(minutesAhead()).toBe(0);
    await ask();
    expect(minutesAhead()).toBe(60);
    await ask();
    expect(minutesAhead()).toBe(60);
    await ask();
    expect(minutesAhead()).toBe(0);
  } finally {
    server.close();
  }
});
