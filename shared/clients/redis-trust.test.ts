import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../infra/local-servers/redis.ts';
import { type RunFolder, runFolder } from '../../infra/local-servers/run-folder.ts';
import { trusting } from './redis-trust.ts';

// The certificate authority of one server, and that server's certificate, which contains no address at which the server
// is reached. Memorystore has such certificates. These expire in 2126.
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBijCCAS+gAwIBAgIUL5vnW81VUDmzAIhStqcym9sNEj4wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOTWVtb3J5c3RvcmUgQ0EwIBcNMjYxMTIzMDg0NTU5WhgPMjEy
NjEwMzAwODQ1NTlaMBkxFzAVBgNVBAMMDk1lbW9yeXN0b3JlIENBMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEqrPkigP8oZ7818R46TSxfygJiKF/TtcJGYypBCbw
jRrXnrWtB7qwhxxr0wk/a2C3rpP91k5zmQK5dIUTo6++PaNTMFEwHQYDVR0OBBYE
FDHiOUtTOd/hbhRoKRKhpOHdt6moMB8GA1UdIwQYMBaAFDHiOUtTOd/hbhRoKRKh
pOHdt6moMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAMwGIqVW
4LEb3utyi+Tc0HmLnMdd2UVm0IZqixcPIXHaAiEAmUZ8ZN4M2gtrQHUSSdMF/mCQ
qujSDAqgpktRCYGpbJQ=
-----END CERTIFICATE-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBKDCBzwIUEWEvZRKyMJ1dYSgPIK3B3sQ0/1gwCgYIKoZIzj0EAwIwGTEXMBUG
A1UEAwwOTWVtb3J5c3RvcmUgQ0EwIBcNMjYxMTIzMDg0NTU5WhgPMjEyNjEwMzAw
ODQ1NTlaMBMxETAPBgNVBAMMCDEwLjAuMC4zMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAE5fUKI9selmQXsaR7q6rivF0uJPjC4Y612tnRdeRZwggPrkr56BtKfuQS
X58H/jiAYx9B3k6dbsyzyGyObuOWjjAKBggqhkjOPQQDAgNIADBFAiEAunteTy/y
6jS055iwJHkb75bm3WkZj4rqNtjvP5kix78CIBE2GwJxgbl0y6wAxqH8e72wYLxx
Kaay5MV1o8reoyMG
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHWRdQqZvPMqT2TTw
8Y02dsYwmN1oSVTPcoUE67tD7D6hRANCAATl9Qoj2x6WZBexpHurquK8XS4k+MLh
jrXa2dF15FnCCA+uSvnoG0p+5BJfnwf+OIBjH0HeTp1uzLPIbI5u45aO
-----END PRIVATE KEY-----`;

let folder: RunFolder;
let redis: LocalRedis;
let terminator: Server;
let url: string;
const sockets = new Set<Socket>();

beforeAll(async () => {
  folder = await runFolder('test');
  redis = await startRedis({ dir: folder.path });
  const { port, password } = new URL(redis.url);
  terminator = createServer({ cert: CERTIFICATE, key: KEY }, (secure) => {
    const plain = connect(Number(port), '127.0.0.1');
    for (const socket of [secure, plain]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    secure.pipe(plain).pipe(secure);
  }).listen(0, '127.0.0.1');
  await once(terminator, 'listening');
  url = `rediss://:${password}@127.0.0.1:${(terminator.address() as AddressInfo).port}`;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  terminator.close();
  await redis.stop();
  await folder.remove();
});

async function ping(ca: string | undefined): Promise<string> {
  const client = new Redis(url, { ...trusting(ca), lazyConnect: true, retryStrategy: null });
  let fault: Error | undefined;
  client.on('error', (error) => {
    fault = error;
  });
  try {
    await client.connect();
    return await client.ping();
  } catch (error) {
    throw fault ?? error;
  } finally {
    if (client.status !== 'end') client.disconnect();
  }
}

it('a server is trusted by its own authority, whatever it is reached at', async () => {
  expect(await ping(AUTHORITY)).toBe('PONG');
});

it('a server whose authority nobody named is not', async () => {
  await expect(ping(undefined)).rejects.toThrow(/certificate/);
});

it('a server of another authority is not', async () => {
  await expect(ping(CERTIFICATE)).rejects.toThrow(/certificate/);
});
