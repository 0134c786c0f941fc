import { describe, expect, it } from '@jest/globals';
import { startHttpServer } from '../../../infra/local-cloud/http-server.ts';
import { startEndpoint } from '../../../test/support/endpoint.ts';
import { postWebhook } from './post-webhook.ts';
import type { Resolve } from './public-address.ts';

const webhook = { headers: { 'content-type': 'application/json', 'webhook-id': 'e1' }, body: '{"text":"標籤"}' };
const local = { allowPrivate: true, timeoutMs: 5000 };

const portOf = (url: string) => new URL(url).port;

describe('a webhook', () => {
  it('is posted as it was signed', async () => {
    await using endpoint = await startEndpoint(() => 202);
    expect(await postWebhook(`${endpoint.url}/hooks?of=portal`, webhook, local)).toBe(202);
    expect(endpoint.received).toMatchObject([
      {
        method: 'POST',
        url: '/hooks?of=portal',
        body: webhook.body,
        headers: { ...webhook.headers, 'user-agent': 'report-download-center', 'content-length': '17' },
      },
    ]);
  });

  it('does not follow a redirect', async () => {
    await using elsewhere = await startEndpoint();
    const server = await startHttpServer((_request, response) => {
      response.writeHead(307, { location: elsewhere.url }).end();
    });
    expect(await postWebhook(server.url, webhook, local)).toBe(307);
    expect(elsewhere.received).toEqual([]);
    await server.close();
  });

  it('fails without an answer in time', async () => {
    await using endpoint = await startEndpoint(() => 'nothing');
    await expect(postWebhook(endpoint.url, webhook, { ...local, timeoutMs: 100 })).rejects.toThrow();
  });

  it('fails where nobody listens', async () => {
    const { url, close } = await startHttpServer(() => {});
    await close();
    await expect(postWebhook(url, webhook, local)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['has no end', 'x'.repeat(1024)],
    ['stalls', ''],
  ])('has its answer though the body %s', async (_, chunk) => {
    const server = await startHttpServer((_request, response) => {
      response.writeHead(200).write('begun');
      const more = () => {
        if (chunk !== '' && !response.destroyed) response.write(chunk, more);
      };
      more();
    });
    expect(await postWebhook(server.url, webhook, { ...local, timeoutMs: 500 })).toBe(200);
    await server.close();
  });
});

describe('an address that is not public', () => {
  const strict = { allowPrivate: false, timeoutMs: 5000 };

  it.each([
    ['127.0.0.1', 'permanent'],
    ['2130706433', 'permanent'],
    ['[::1]', 'permanent'],
    // The address of a name may change.
    ['localhost', 'transient'],
  ])('is not posted to: %s', async (host, kind) => {
    await using endpoint = await startEndpoint();
    const url = `http://${host}:${portOf(endpoint.url)}/`;
    await expect(postWebhook(url, webhook, strict)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED', kind });
    expect(endpoint.received).toEqual([]);
  });

  it('is not posted to by a name that means it when the connection is made, the one time that it is looked up', async () => {
    await using endpoint = await startEndpoint();
    const asked: string[] = [];
    const resolve: Resolve = (host, _options, callback) => {
      asked.push(host);
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const url = `http://rebinding.example:${portOf(endpoint.url)}/`;
    await expect(postWebhook(url, webhook, { ...strict, resolve })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect([asked, endpoint.received]).toEqual([['rebinding.example'], []]);
  });
});
