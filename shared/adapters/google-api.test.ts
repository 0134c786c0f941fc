import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import { OAuth2Client } from 'google-auth-library';
import { type Reply, startEndpoint } from '../../test/support/endpoint.ts';
import { googleApi } from './google-api.ts';

const METHOD = 'v1/projects/p/topics/t:publish';

/**
 * Starts an endpoint that answers as `reply` does. `call` sends it a token and a request that must not appear
 * elsewhere.
 */
async function openApi(reply?: Reply) {
  const endpoint = await startEndpoint(reply);
  return { ...endpoint, call: () => apiAt(endpoint.url)(METHOD, { secret: 'of the request' }) };
}

function apiAt(origin: string) {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: 'the-token', expiry_date: Date.now() + 3_600_000 });
  return googleApi(origin, client);
}

it('a call is one POST of JSON with the token', async () => {
  await using at = await openApi();
  await at.call();
  expect(at.received).toEqual([
    {
      method: 'POST',
      url: `/${METHOD}`,
      headers: expect.objectContaining({ authorization: 'Bearer the-token', 'content-type': 'application/json' }),
      body: '{"secret":"of the request"}',
    },
  ]);
});

it.each([429, 500, 503])('a call answered with %s is repeated', async (status) => {
  await using at = await openApi((_, count) => (count < 3 ? status : 200));
  await at.call();
  expect(at.received).toHaveLength(3);
});

it('a call whose connection breaks is repeated', async () => {
  await using at = await openApi((_, count) => (count === 1 ? 102 : 200));
  await at.call();
  expect(at.received).toHaveLength(2);
});

it.each([400, 404, 409])('a call answered with %s fails at once', async (status) => {
  await using at = await openApi(() => status);
  await expect(at.call()).rejects.toMatchObject({ name: 'GoogleApiError' });
  expect(at.received).toHaveLength(1);
});

it('a call that nobody answers fails after five seconds, not to be repeated', async () => {
  await using at = await openApi(() => 'nothing');
  const { failure, seconds } = await ended(at.call);
  expect(failure).toMatchObject({ name: 'GoogleApiError', message: `${METHOD}: no answer within 5000 ms` });
  expect(seconds).toBeGreaterThan(4.9);
  expect(at.received).toHaveLength(1);
}, 15_000);

it('a call whose token does not come fails after five seconds, too', async () => {
  const call = () => googleApi('http://127.0.0.1:9', { request: () => new Promise<never>(() => {}) })(METHOD, {});
  const { failure, seconds } = await ended(call);
  expect(failure).toMatchObject({ name: 'GoogleApiError', message: `${METHOD}: no answer within 5000 ms` });
  expect(seconds).toBeGreaterThan(4.9);
}, 15_000);

it('an API that breaks down for two seconds is waited for', async () => {
  const began = performance.now();
  await using at = await openApi(() => (performance.now() - began < 2000 ? 503 : 200));
  await at.call();
});

it('a call that was answered leaves no timer', async () => {
  await using at = await openApi();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  await at.call();
  const before = timers();
  for (let call = 0; call < 5; call++) await at.call();
  expect(timers()).toBeLessThanOrEqual(before);
});

it('a call that nobody listens to fails, and says why', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  const failed = apiAt(`http://127.0.0.1:${port}`)(METHOD, {});
  await expect(failed).rejects.toMatchObject({ code: undefined, cause: { cause: { code: 'ECONNREFUSED' } } });
}, 15_000);

it('a failure that is not the API’s is told by its status', async () => {
  await using at = await openApi(() => 403);
  await expect(at.call()).rejects.toMatchObject({ code: '403', message: `${METHOD}: answered with 403` });
});

it('a failure tells nothing of the request or the token', async () => {
  await using at = await openApi(() => 403);
  const { failure } = await ended(at.call);
  expect(inspect(failure, { depth: 9 })).toContain('GoogleApiError');
  expect(inspect(failure, { depth: 9 })).not.toMatch(/the-token|of the request/);
});

/** Resolves to the error with which a call failed, and the number of seconds that it took. */
async function ended(call: () => Promise<void>) {
  const began = performance.now();
  const failure = await call().then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failure, seconds: (performance.now() - began) / 1000 };
}
