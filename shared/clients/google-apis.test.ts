import { afterEach, expect, it } from '@jest/globals';
import { startHttpServer } from '../../infra/local-cloud/http-server.ts';
import { openGoogleApi } from './google-apis.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const real = { fetch: globalThis.fetch, env: { ...process.env } };

afterEach(() => {
  globalThis.fetch = real.fetch;
  process.env = { ...real.env };
});

it('on Google Cloud, Google’s hosts are called with one token of the function’s service account', async () => {
  const tokenRequests: string[] = [];
  const metadata = await startHttpServer((request, response) => {
    tokenRequests.push(request.url ?? '');
    const token = { access_token: 'the-token', expires_in: 3599, token_type: 'Bearer' };
    response.writeHead(200, { 'metadata-flavor': 'Google', 'content-type': 'application/json' });
    response.end(request.url?.includes('/token') ? JSON.stringify(token) : '"local"');
  });
  process.env.GCE_METADATA_HOST = metadata.url.replace('http://', '');
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  const called: [url: string, authorization: string | null][] = [];
  globalThis.fetch = async (url, init) => {
    called.push([String(url), new Headers(init?.headers).get('authorization')]);
    return Response.json({});
  };
  try {
    await openGoogleApi('pubsub', undefined)('v1/projects/p/topics/t:publish', {});
    await openGoogleApi('cloudtasks', undefined)('v2/projects/p/locations/l/queues/q/tasks', {});
  } finally {
    await metadata.close();
  }
  expect(called).toEqual([
    ['https://pubsub.googleapis.com/v1/projects/p/topics/t:publish', 'Bearer the-token'],
    ['https://cloudtasks.googleapis.com/v2/projects/p/locations/l/queues/q/tasks', 'Bearer the-token'],
  ]);
  const tokens = tokenRequests.filter((url) => url.includes('/token'));
  expect(tokens.map((url) => new URL(url, metadata.url).searchParams.get('scopes'))).toEqual([SCOPE]);
});
