import { type File, type GetSignedUrlConfig, Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { LocalCloud } from '../local-cloud.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

describe('a V4 signed URL of the official client', () => {
  let cloud: LocalCloud;
  let file: File;

  beforeAll(async () => {
    cloud = await startTestCloud();
    const [bucket] = await new Storage().createBucket('report-files');
    file = bucket.file("reports/2026/報表 (1)+'%?#~.csv");
    await file.save('a,b\n1,2\n', { resumable: false, contentType: 'text/csv' });
  });
  afterAll(() => cloud.close());

  const sign = async (options: Partial<GetSignedUrlConfig> = {}, signed = file): Promise<string> => {
    const [url] = await signed.getSignedUrl({
      version: 'v4',
      action: 'read',
      expires: Date.now() + MINUTE,
      ...options,
    });
    return url;
  };
  const refusalOf = async (url: string, options: RequestInit = {}) => {
    const response = await fetch(url, options);
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('application/xml');
    expect(text).toMatch(/^<\?xml version='1\.0' encoding='UTF-8'\?><Error>.*<\/Error>$/s);
    return [response.status, /<Code>(.*)<\/Code>/.exec(text)?.[1]];
  };
  const change = (url: string, name: string, value: string) => {
    const changed = new URL(url);
    changed.searchParams.set(name, value);
    return changed.href;
  };

  it('serves the content with the signed name and type', async () => {
    const disposition = `attachment; filename="report.csv"; filename*=UTF-8''${encodeURIComponent('報表.csv')}`;
    const response = await fetch(await sign({ responseDisposition: disposition, responseType: 'text/x-csv' }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toBe(disposition);
    expect(response.headers.get('content-type')).toBe('text/x-csv');
    expect(await response.text()).toBe('a,b\n1,2\n');
  });

  it('serves a range', async () => {
    const response = await fetch(await sign(), { headers: { range: 'bytes=2-3' } });
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([
      206,
      'bytes 2-3/8',
      'b\n',
    ]);
    expect(await refusalOf(await sign(), { headers: { range: 'bytes=8-' } })).toEqual([416, 'InvalidRange']);
  });

  it.each<[refusal: string, status: number, code: string, change: (url: string) => string]>([
    ['no signature', 403, 'AccessDenied', (url) => url.split('?')[0] as string],
    ['another signature', 403, 'SignatureDoesNotMatch', (url) => change(url, 'X-Goog-Signature', '00'.repeat(256))],
    ['a changed path', 403, 'SignatureDoesNotMatch', (url) => url.replace('2026', '2027')],
    ['a changed parameter', 403, 'SignatureDoesNotMatch', (url) => change(url, 'response-content-type', 'text/html')],
    ['an added parameter', 403, 'SignatureDoesNotMatch', (url) => `${url}&generation=1`],
    ['a longer expiry', 403, 'SignatureDoesNotMatch', (url) => change(url, 'X-Goog-Expires', '3600')],
    ['an expiry of over seven days', 400, 'MalformedSecurityHeader', (url) => change(url, 'X-Goog-Expires', '604801')],
    ['an expiry that is no number', 400, 'MalformedSecurityHeader', (url) => change(url, 'X-Goog-Expires', 'never')],
    ['a date that is none', 400, 'MalformedSecurityHeader', (url) => change(url, 'X-Goog-Date', 'today')],
    ['another algorithm', 400, 'MalformedSecurityHeader', (url) => change(url, 'X-Goog-Algorithm', 'none')],
    ['an unsigned host', 400, 'MalformedSecurityHeader', (url) => change(url, 'X-Goog-SignedHeaders', 'date')],
    ["another's credential", 403, 'AccessDenied', (url) => url.replace('local-cloud%40', 'someone%40')],
  ])('is refused with %s', async (_, status, code, changed) => {
    const url = await sign({ responseType: 'text/csv' });
    expect((await fetch(url)).status).toBe(200);
    expect(await refusalOf(changed(url))).toEqual([status, code]);
  });

  it('is rejected once expired', async () => {
    const url = await sign({ accessibleAt: Date.now() - MINUTE, expires: Date.now() + 500 });
    await eventually(async () => (await fetch(url)).status !== 200);
    expect(await refusalOf(url)).toEqual([400, 'ExpiredToken']);
  });

  it('is rejected before its start', async () => {
    const url = await sign({ accessibleAt: Date.now() + DAY, expires: Date.now() + 2 * DAY });
    expect(await refusalOf(url)).toEqual([403, 'AccessDenied']);
  });

  it('is rejected with another method', async () => {
    for (const method of ['PUT', 'POST', 'DELETE']) {
      expect(await refusalOf(await sign(), { method })).toEqual([403, 'SignatureDoesNotMatch']);
    }
    expect((await fetch(await sign(), { method: 'HEAD' })).status).toBe(403);
    expect(await file.exists()).toEqual([true]);
  });

  it('is rejected if signed by another key', async () => {
    const other = await startTestCloud();
    const url = await sign({}, new Storage().bucket('report-files').file(file.name));
    await other.close();
    expect(await refusalOf(url.replace(`:${other.storage.port}`, `:${cloud.storage.port}`))).toEqual([
      403,
      'SignatureDoesNotMatch',
    ]);
  });

  it('responds with 404 if the object was deleted', async () => {
    const gone = file.bucket.file('gone.csv');
    expect(await refusalOf(await sign({}, gone))).toEqual([404, 'NoSuchKey']);
    expect(await refusalOf(await sign({}, file.bucket.storage.bucket('missing').file('x')))).toEqual([
      404,
      'NoSuchBucket',
    ]);
  });
});
