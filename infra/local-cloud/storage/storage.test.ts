import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket, CRC32C, type CreateWriteStreamOptions, type File, Storage } from '@google-cloud/storage';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LocalCloud } from '../local-cloud.ts';
import { startTestCloud } from '../test-support.ts';

const MIB = 1024 * 1024;

describe('Cloud Storage through the official client', () => {
  let cloud: LocalCloud;
  let bucket: Bucket;
  let names = 0;

  beforeAll(async () => {
    cloud = await startTestCloud();
    // The shortest wait between its own retries that the client can be brought to.
    const storage = new Storage({ retryOptions: { maxRetryDelay: 1 } });
    [bucket] = await storage.createBucket('report-files', { location: 'asia-east1' });
  });
  afterEach(() => cloud.storage.faults.clear());
  afterAll(() => cloud.close());

  const newFile = () => bucket.file(`folder ${++names}/報表 (1)+%?#.csv`);
  const folder = () => join(dirname(cloud.env.GOOGLE_APPLICATION_CREDENTIALS as string), 'storage');
  const upload = (file: File, content: Buffer | Buffer[], options: CreateWriteStreamOptions) =>
    pipeline(Readable.from([content].flat()), file.createWriteStream(options));
  const crcOf = (content: Buffer) => {
    const crc = new CRC32C();
    crc.update(content);
    return crc.toString();
  };

  describe('buckets', () => {
    it('are created once, found and listed', async () => {
      const [metadata] = await bucket.getMetadata();
      expect(metadata).toMatchObject({ name: 'report-files', location: 'asia-east1' });
      await expect(bucket.create()).rejects.toMatchObject({ code: 409 });
      await expect(bucket.storage.bucket('missing').getMetadata()).rejects.toMatchObject({ code: 404 });
      await expect(bucket.storage.createBucket('NO')).rejects.toMatchObject({ code: 400 });
      expect((await bucket.storage.getBuckets())[0].map(({ name }) => name)).toEqual(['report-files']);
    });
  });

  describe('an upload', () => {
    const large = randomBytes(5 * MIB + 12_345);

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

    it('whose checksum is another makes no object', async () => {
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

    it('that breaks in one request leaves nothing behind', async () => {
      const file = newFile();
      const before = await readdir(folder());
      cloud.storage.faults.breakUpload(({ object }) => object === file.name, 2 * MIB);
      await expect(upload(file, large, { resumable: false })).rejects.toThrow();
      expect(await file.exists()).toEqual([false]);
      expect(await readdir(folder())).toEqual(before);
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

    it('goes through an outage by retries', async () => {
      const file = newFile();
      cloud.storage.faults.unavailable(({ object }) => object === file.name, 2);
      await upload(file, large, { chunkSize: MIB, preconditionOpts: { ifGenerationMatch: 0 } });
      expect((await file.getMetadata())[0].size).toBe(String(large.length));
    });

    it('is not seen before it is complete', async () => {
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

  describe('the protocol of resumable uploads', () => {
    const content = randomBytes(MIB);
    const start = async () => (await newFile().createResumableUpload())[0];
    const put = async (uri: string, contentRange: string | undefined, body?: Buffer) => {
      const headers = contentRange === undefined ? {} : { 'content-range': contentRange };
      const response = await fetch(uri, { method: 'PUT', headers, ...(body && { body }) });
      const { size } = (await response.json().catch(() => ({}))) as { size?: string };
      return [response.status, response.headers.get('range') ?? size];
    };

    it('tells how much was kept', async () => {
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

    it('refuses a chunk of less that is not the last', async () => {
      expect(await put(await start(), 'bytes 0-99999/*', content.subarray(0, 100_000))).toEqual([400, undefined]);
    });

    it('ignores what it has already', async () => {
      const uri = await start();
      await put(uri, 'bytes 0-524287/*', content.subarray(0, 524_288));
      expect(await put(uri, `bytes 0-${MIB - 1}/${MIB}`, content)).toEqual([200, String(MIB)]);
      const session = new URL(uri);
      const [downloaded] = await bucket.file(session.searchParams.get('name') as string).download();
      expect(downloaded.equals(content)).toBe(true);
    });

    it('refuses a gap, a length that is not as said, and a range that is none', async () => {
      const uri = await start();
      expect(await put(uri, `bytes 262144-${MIB - 1}/${MIB}`, content.subarray(262_144))).toEqual([400, undefined]);
      expect(await put(uri, `bytes 0-${MIB - 1}/${MIB}`, content.subarray(1))).toEqual([400, undefined]);
      expect(await put(uri, 'octets 0-1/2', content)).toEqual([400, undefined]);
      expect(await put(uri, 'bytes */*')).toEqual([308, 'bytes=0-786431']);
    });

    it('ends with a request of no bytes that names the total', async () => {
      const uri = await start();
      await put(uri, `bytes 0-${MIB - 1}/*`, content);
      expect(await put(uri, `bytes */${MIB}`)).toEqual([200, String(MIB)]);
    });

    it('takes everything in a request without a range', async () => {
      expect(await put(await start(), undefined, content)).toEqual([200, String(MIB)]);
    });

    it('forgets a cancelled upload', async () => {
      const before = await readdir(folder());
      const uri = await start();
      await put(uri, 'bytes 0-524287/*', content.subarray(0, 524_288));
      expect((await fetch(uri, { method: 'DELETE' })).status).toBe(499);
      expect(await put(uri, 'bytes */*')).toEqual([404, undefined]);
      expect(await readdir(folder())).toEqual(before);
    });
  });

  describe('an object', () => {
    const save = async (file: File, content: string, generation?: number) =>
      file.save(content, {
        resumable: false,
        ...(generation !== undefined && { preconditionOpts: { ifGenerationMatch: generation } }),
      });
    const generationOf = async (file: File) => Number((await file.getMetadata())[0].generation);

    it('is created once where the generation must be 0', async () => {
      const file = newFile();
      const outcomes = await Promise.allSettled(
        [1, 2, 3, 4].map((n) => save(bucket.file(file.name), `writer ${n}`, 0)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(refused?.reason).toMatchObject({ code: 412 });
    });

    it('is created once by two resumable uploads that both began before', async () => {
      const file = newFile();
      const starts = [1, 2].map(() =>
        bucket.file(file.name).createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } }),
      );
      const uris = (await Promise.all(starts)).map(([uri]) => uri);
      const puts = uris.map((uri) => fetch(uri, { method: 'PUT', body: 'x' }));
      expect((await Promise.all(puts)).map(({ status }) => status).sort()).toEqual([200, 412]);
      const late = bucket.file(file.name).createResumableUpload({ preconditionOpts: { ifGenerationMatch: 0 } });
      await expect(late).rejects.toMatchObject({ status: 412 });
    });

    it('is replaced and deleted only as the generation that is meant', async () => {
      const file = newFile();
      await save(file, 'first');
      const first = await generationOf(file);
      await save(file, 'second', first);
      const second = await generationOf(file);
      expect(second).toBeGreaterThan(first);
      await expect(save(file, 'third', first)).rejects.toMatchObject({ code: 412 });
      await expect(file.delete({ ifGenerationMatch: first })).rejects.toMatchObject({ code: 412 });
      await expect(bucket.file(file.name, { generation: first }).getMetadata()).rejects.toMatchObject({ code: 404 });
      expect((await file.download())[0].toString()).toBe('second');
      await file.delete({ ifGenerationMatch: second });
      expect(await file.exists()).toEqual([false]);
      await expect(file.delete()).rejects.toMatchObject({ code: 404 });
    });

    it('counts changes of its metadata, which may depend on the count', async () => {
      const file = newFile();
      await file.save('x', { resumable: false, metadata: { metadata: { a: '1', b: '2' } } });
      const [changed] = await file.setMetadata(
        { cacheControl: 'no-store', metadata: { a: null, c: '3' } },
        { ifMetagenerationMatch: 1 },
      );
      expect(changed).toMatchObject({ metageneration: '2', cacheControl: 'no-store', metadata: { b: '2', c: '3' } });
      expect(changed.metadata).not.toHaveProperty('a');
      await expect(file.setMetadata({}, { ifMetagenerationMatch: 1 })).rejects.toMatchObject({ code: 412 });
    });

    it.each([
      ['ifGenerationNotMatch of the live generation', (live: string) => ({ ifGenerationNotMatch: live }), 412],
      ['ifGenerationNotMatch of another', () => ({ ifGenerationNotMatch: '1' }), 200],
      ['ifGenerationNotMatch of 0, for any', () => ({ ifGenerationNotMatch: '0' }), 200],
      ['ifMetagenerationNotMatch', () => ({ ifMetagenerationNotMatch: '1' }), 412],
    ])('is given on condition: %s', async (_, conditions, status) => {
      const file = newFile();
      await save(file, 'x');
      const query = new URLSearchParams(conditions(String(await generationOf(file))));
      const url = `${cloud.storage.url}/storage/v1/b/report-files/o/${encodeURIComponent(file.name)}?${query}`;
      expect((await fetch(url)).status).toBe(status);
    });

    it.each<[range: { start?: number; end?: number }, text: string]>([
      [{ start: 2, end: 4 }, '234'],
      [{ start: 7 }, '789'],
      [{ start: 7, end: 99 }, '789'],
      [{ end: -3 }, '789'],
      [{ end: 0 }, '0'],
    ])('is read in the range %j', async (range, text) => {
      const file = newFile();
      await save(file, '0123456789');
      expect((await file.download(range))[0].toString()).toBe(text);
    });

    it('is not read past its end', async () => {
      const file = newFile();
      await save(file, '0123456789');
      await expect(file.download({ start: 10 })).rejects.toMatchObject({ code: 416 });
    });

    it('is composed of up to 32 others, in their order', async () => {
      const sources = await Promise.all(
        ['a', 'bb', 'ccc'].map(async (content) => {
          const file = newFile();
          await save(file, content);
          return file;
        }),
      );
      const target = newFile();
      await bucket.combine(sources, target, { ifGenerationMatch: 0 });
      const [metadata] = await target.getMetadata();
      expect(metadata).toMatchObject({ size: '6', componentCount: 3, crc32c: crcOf(Buffer.from('abbccc')) });
      expect((await target.download())[0].toString()).toBe('abbccc');
      await expect(bucket.combine(sources, target, { ifGenerationMatch: 0 })).rejects.toMatchObject({ code: 412 });
      await expect(bucket.combine([newFile()], target)).rejects.toMatchObject({ code: 404 });
      const tooMany = Array.from({ length: 33 }, () => sources[0] as File);
      await expect(bucket.combine(tooMany, target)).rejects.toMatchObject({ code: 400 });
    });

    it('is listed by prefix, delimiter and page, in the order of UTF-8', async () => {
      const listed = ['list/a', 'list/b/1', 'list/b/2', 'list/\u{ff5e}', 'list/\u{1f600}', 'other/a'];
      for (const name of listed.toReversed()) await save(bucket.file(name), 'x');
      const [files] = await bucket.getFiles({ prefix: 'list/' });
      expect(files.map(({ name }) => name)).toEqual(listed.slice(0, 5));

      const pages: unknown[] = [];
      let query: object | null = { prefix: 'list/', delimiter: '/', maxResults: 2, autoPaginate: false };
      while (query) {
        const [page, next, response] = (await bucket.getFiles(query)) as [
          File[],
          object | null,
          { prefixes?: string[] },
        ];
        pages.push([page.map(({ name }) => name), response.prefixes]);
        query = next;
      }
      expect(pages).toEqual([
        [['list/a'], ['list/b/']],
        [['list/\u{ff5e}', 'list/\u{1f600}'], []],
      ]);
    });
  });
});
