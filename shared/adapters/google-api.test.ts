import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import { OAuth2Client } from 'google-auth-library';
import { type Reply, startEndpoint } from '../../test/support/endpoint.ts';
import { googleApi } from './google-api.ts';

const METHOD = 'v1/projects/p/topics/t:publish';

/** Calls an endpoint that answers as `reply` does, with a token and a request that nobody else may see. */
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

it('a call that nobody answers fails after five seconds', async () => {
  await using at = await openApi(() => 'nothing');
  const began = performance.now();
  await expect(at.call()).rejects.toThrow(`${METHOD}: no answer within 5000 ms`);
  expect(at.received).toHaveLength(1);
  expect(performance.now() - began).toBeGreaterThan(4900);
  expect(performance.now() - began).toBeLessThan(6000);
}, 15_000);

it('a call that nobody listens to fails, and says why', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  const failed = apiAt(`http://127.0.0.1:${port}`)(METHOD, {});
  await expect(failed).rejects.toMatchObject({ cause: { cause: { code: 'ECONNREFUSED' } } });
});

it('a failure tells nothing of the request or the token', async () => {
  await using at = await openApi(() => 403);
  const error = await at.call().catch((failure) => failure);
  expect(error).toMatchObject({ name: 'GoogleApiError' });
  expect(inspect(error, { depth: 9 })).not.toMatch(/the-token|of the request/);
});
