import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bucket, Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { LocalCloud } from '../local-cloud.ts';

const MIB = 1024 * 1024;

/** Started by the official client, and continued by hand in ways that the client does not support. */
describe('a resumable upload', () => {
  const content = randomBytes(MIB);
  let cloud: LocalCloud;
  let bucket: Bucket;
  let names = 0;

  beforeAll(async () => {
    cloud = await startTestCloud();
    [bucket] = await new Storage().createBucket('report-files');
  });
  afterAll(() => cloud.close());

  const folder = () => join(dirname(cloud.env.GOOGLE_APPLICATION_CREDENTIALS as string), 'storage');
  const start = async () => (await bucket.file(`upload-${++names}`).createResumableUpload())[0];
  const put = async (uri: string, contentRange: string | undefined, body?: Buffer) => {
    const headers = contentRange === undefined ? {} : { 'content-range': contentRange };
    const response = await fetch(uri, { method: 'PUT', headers, ...(body && { body }) });
    const { size } = (await response.json().catch(() => ({}))) as { size?: string };
    return [response.status, response.headers.get('range') ?? size];
  };

  it('reports the committed bytes', async () => {
    const uri = await start();
    expect(await put(uri, 'bytes */*')).toEqual([308, undefined]);
    expect(await put(uri, 'bytes 0-524287/*', content.subarray(0, 524_288))).toEqual([308, 'bytes=0-524287']);
    expect(await put(uri, 'bytes */*')).toEqual([308, 'bytes=0-524287']);
    expect(await put(uri, `bytes 524288-${MIB - 1}/${MIB}`, content.subarray(524_288))).toEqual([200, String(MIB)]);
    expect(await put(uri, 'bytes */*')).toEqual([200, String(MIB)]);
  });

  it('keeps whole multiples of 256 KiB', async () => {
    const uri = await start();
    expect(await put(uri, 'bytes 0-299999/*', content.subarray(0, 300_000))).toEqual([308, 'bytes=0-262143']);
    expect(await put(uri, `bytes 262144-${MIB - 1}/${MIB}`, content.subarray(262_144))).toEqual([200, String(MIB)]);
  });

  it('rejects a smaller chunk that is not the last', async () => {
    expect(await put(await start(), 'bytes 0-99999/*', content.subarray(0, 100_000))).toEqual([400, undefined]);
  });

  it('ignores bytes that it has already', async () => {
    const uri = await start();
    await put(uri, 'bytes 0-524287/*', content.subarray(0, 524_288));
    expect(await put(uri, `bytes 0-${MIB - 1}/${MIB}`, content)).toEqual([200, String(MIB)]);
    const session = new URL(uri);
    const [downloaded] = await bucket.file(session.searchParams.get('name') as string).download();
    expect(downloaded.equals(content)).toBe(true);
  });

  it('rejects a gap, a wrong length, and a malformed range', async () => {
    const uri = await start();
    expect(await put(uri, `bytes 262144-${MIB - 1}/${MIB}`, content.subarray(262_144))).toEqual([400, undefined]);
    expect(await put(uri, `bytes 0-${MIB - 1}/${MIB}`, content.subarray(1))).toEqual([400, undefined]);
    expect(await put(uri, 'octets 0-1/2', content)).toEqual([400, undefined]);
    expect(await put(uri, 'bytes */*')).toEqual([308, 'bytes=0-786431']);
  });

  it('completes by an empty request that states the total', async () => {
    const uri = await start();
    await put(uri, `bytes 0-${MIB - 1}/*`, content);
    expect(await put(uri, `bytes */${MIB}`)).toEqual([200, String(MIB)]);
  });

  it('takes the whole content in a request without a range', async () => {
    expect(await put(await start(), undefined, content)).toEqual([200, String(MIB)]);
  });

  it('drops a cancelled upload', async () => {
    const before = await readdir(folder());
    const uri = await start();
    await put(uri, 'bytes 0-524287/*', content.subarray(0, 524_288));
    expect((await fetch(uri, { method: 'DELETE' })).status).toBe(499);
    expect(await put(uri, 'bytes */*')).toEqual([404, undefined]);
    expect(await readdir(folder())).toEqual(before);
  });
});
