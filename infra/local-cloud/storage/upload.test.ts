import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket, CRC32C, type CreateWriteStreamOptions, type File, Storage } from '@google-cloud/storage';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { LocalCloud } from '../local-cloud.ts';

const MIB = 1024 * 1024;

describe('an upload of the official client', () => {
  const large = randomBytes(5 * MIB + 12_345);
  let cloud: LocalCloud;
  let bucket: Bucket;
  let names = 0;

  beforeAll(async () => {
    cloud = await startTestCloud();
    // The shortest interval between retries that the client can be configured to.
    const storage = new Storage({ retryOptions: { maxRetryDelay: 1 } });
    [bucket] = await storage.createBucket('report-files');
  });
  afterEach(() => cloud.storage.faults.clear());
  afterAll(() => cloud.close());

  const newFile = () => bucket.file(`folder ${++names}/報表 (1)+%?#.csv`);
  const folder = () => join(dirname(cloud.env.GOOGLE_APPLICATION_CREDENTIALS as string), 'storage');
  const upload = (file: File, content: Buffer, options: CreateWriteStreamOptions) =>
    pipeline(Readable.from([content]), file.createWriteStream(options));
  const crcOf = (content: Buffer) => {
    const crc = new CRC32C();
    crc.update(content);
    return crc.toString();
  };

  it.each<[form: string, content: Buffer, options: CreateWriteStreamOptions]>([
    ['in one request', large, { resumable: false }],
    ['of nothing in one request', Buffer.alloc(0), { resumable: false }],
    ['of line breaks and dashes', Buffer.from('\r\n--\r\n\r\n--x--\r\n'), { resumable: false }],
    ['in chunks', large, { chunkSize: MIB }],
    ['in chunks that come out even', large.subarray(0, 2 * MIB), { chunkSize: MIB }],
    ['in chunks, of nothing', Buffer.alloc(0), { chunkSize: MIB }],
    ['in one stream of unknown length', large, { resumable: true }],
    ['of nothing in one stream', Buffer.alloc(0), { resumable: true }],
  ])('%s arrives whole, with its metadata', async (_, content, options) => {
    const file = newFile();
    const metadata = { contentType: 'text/csv', contentDisposition: 'attachment', metadata: { record: 'r-1' } };
    await upload(file, content, { ...options, metadata });
    const [stored] = await file.getMetadata();
    expect(stored).toMatchObject({ ...metadata, name: file.name, bucket: bucket.name, metageneration: '1' });
    expect(stored).toMatchObject({ size: String(content.length), crc32c: crcOf(content) });
    const [downloaded] = await file.download();
    expect(downloaded.equals(content)).toBe(true);
  });

  it('as plain media takes its type from the request', async () => {
    const url = `${cloud.storage.url}/upload/storage/v1/b/report-files/o?uploadType=media&name=plain`;
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'héllo' });
    expect(await response.json()).toMatchObject({ name: 'plain', contentType: 'text/plain', size: '6' });
  });

  it('with a wrong checksum creates no object', async () => {
    const wrong = crcOf(Buffer.from('other'));
    for (const options of [{ resumable: false }, { chunkSize: MIB }]) {
      const file = newFile();
      const attempt = upload(file, large, { ...options, metadata: { crc32c: wrong }, validation: false });
      const message = expect.stringContaining(`Provided CRC32C "${wrong}" doesn't match calculated CRC32C`);
      await expect(attempt).rejects.toMatchObject({ message });
      expect(await file.exists()).toEqual([false]);
    }
    const url = `${cloud.storage.url}/upload/storage/v1/b/report-files/o?uploadType=media&name=hashed`;
    const headers = { 'x-goog-hash': `md5=x,crc32c=${wrong}` };
    expect((await fetch(url, { method: 'POST', headers, body: 'x' })).status).toBe(400);
  });

  it('that breaks in a single request leaves nothing behind', async () => {
    const file = newFile();
    const before = await readdir(folder());
    cloud.storage.faults.breakUpload(({ object }) => object === file.name, 2 * MIB);
    await expect(upload(file, large, { resumable: false })).rejects.toThrow();
    expect(await file.exists()).toEqual([false]);
    await eventually(async () => (await readdir(folder())).join() === before.join());
  });

  it.each([0, 100_000, 300_000, MIB - 1])(
    'whose second chunk breaks after %i bytes is resumed by the client',
    async (afterBytes) => {
      const file = newFile();
      let chunks = 0;
      cloud.storage.faults.breakUpload(
        ({ method, object }) => method === 'PUT' && object === file.name && ++chunks === 2,
        afterBytes,
      );
      await upload(file, large, { chunkSize: MIB, preconditionOpts: { ifGenerationMatch: 0 } });
      const [downloaded] = await file.download();
      expect(chunks).toBe(2);
      expect(downloaded.equals(large)).toBe(true);
    },
  );

  it('survives an outage by retries', async () => {
    const file = newFile();
    cloud.storage.faults.unavailable(({ object }) => object === file.name, 2);
    await upload(file, large, { chunkSize: MIB, preconditionOpts: { ifGenerationMatch: 0 } });
    expect((await file.getMetadata())[0].size).toBe(String(large.length));
  });

  it('is not visible before it is complete', async () => {
    const file = newFile();
    const [uri] = await file.createResumableUpload();
    await fetch(uri, {
      method: 'PUT',
      headers: { 'content-range': `bytes 0-${MIB - 1}/*` },
      body: large.subarray(0, MIB),
    });
    expect(await file.exists()).toEqual([false]);
    await fetch(uri, { method: 'DELETE' });
  });
});
