import { type Bucket, type File, Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { LocalCloud } from '../local-cloud.ts';
import { crc32c, encodeCrc32c } from './crc32c.ts';

describe('Cloud Storage through the official client', () => {
  let cloud: LocalCloud;
  let bucket: Bucket;
  let names = 0;

  beforeAll(async () => {
    cloud = await startTestCloud();
    [bucket] = await new Storage().createBucket('report-files', { location: 'asia-east1' });
  });
  afterAll(() => cloud.close());

  const newFile = () => bucket.file(`folder ${++names}/報表 (1)+%?#.csv`);

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

  it('responds to malformed and unsupported requests, and continues to serve', async () => {
    const statusOf = async (path: string, method = 'GET') => (await fetch(cloud.storage.url + path, { method })).status;
    expect(await statusOf('/storage/v1/b/%E0%A4%A/o')).toBe(400);
    expect(await statusOf('/%E0%A4%A/o')).toBe(403);
    expect(await statusOf('/storage/v1/b/report-files', 'DELETE')).toBe(501);
    expect(await statusOf('/upload/storage/v1/b/report-files/o?uploadType=odd', 'POST')).toBe(501);
    expect(await statusOf('/storage/v1/b/report-files')).toBe(200);
  });

  describe('an object', () => {
    const save = async (file: File, content: string, generation?: number) =>
      file.save(content, {
        resumable: false,
        ...(generation !== undefined && { preconditionOpts: { ifGenerationMatch: generation } }),
      });
    const generationOf = async (file: File) => Number((await file.getMetadata())[0].generation);

    it('is created once if its generation must be 0', async () => {
      const file = newFile();
      const outcomes = await Promise.allSettled(
        [1, 2, 3, 4].map((n) => save(bucket.file(file.name), `writer ${n}`, 0)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(refused?.reason).toMatchObject({ code: 412 });
    });

    it('is created once by two concurrent resumable uploads', async () => {
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

    it('is replaced and deleted only if its generation matches', async () => {
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

    it('has a metageneration, on which changes of its metadata may be conditional', async () => {
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

    it('that is missing gives the error of Cloud Storage', async () => {
      const message = 'No such object: report-files/missing';
      await expect(bucket.file('missing').download()).rejects.toMatchObject({ code: 404, message });
      await expect(bucket.file('missing').getMetadata()).rejects.toMatchObject({ code: 404, message });
    });

    it('is not read past its end', async () => {
      const file = newFile();
      await save(file, '0123456789');
      await expect(file.download({ start: 10 })).rejects.toMatchObject({ code: 416 });
    });

    it('is composed of up to 32 others in order', async () => {
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
      expect(metadata).toMatchObject({
        size: '6',
        componentCount: 3,
        crc32c: encodeCrc32c(crc32c(Buffer.from('abbccc'))),
      });
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
