import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { Storage } from '@google-cloud/storage';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHttpServer } from '../../../infra/local-cloud/http-server.ts';
import type { LocalCloud } from '../../../infra/local-cloud/local-cloud.ts';
import { never } from '../../../test/support/never.ts';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { cloudStorage } from './cloud-storage.ts';
import { Crc32c, crc32cOf } from './crc32c.ts';

const BUCKET = 'report-files';
const KIB = 1024;
const MIB = 1024 * KIB;

let cloud: LocalCloud;
let objects: ObjectStore;
let names = 0;
const newName = () => `parts/${++names}/000000.csv.zst`;

const openStore = (apiEndpoint: string) =>
  cloudStorage(BUCKET, async () => {
    const storage = new Storage({ apiEndpoint, crc32cGenerator: () => new Crc32c() });
    // Otherwise, except for uploads, the client would call the server that the environment names.
    storage.baseUrl = `${apiEndpoint}/storage/v1`;
    return storage.bucket(BUCKET);
  });

beforeAll(async () => {
  cloud = await startTestCloud();
  await new Storage().createBucket(BUCKET);
  objects = openStore(cloud.storage.url);
});
afterEach(() => cloud.storage.faults.clear());
afterAll(() => cloud.close());

/** Returns a store whose server makes this claim about an uploaded object, whatever the object contains. */
async function storeThatSays(claim: object) {
  const proxy = await startHttpServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = httpRequest(
      { host: '127.0.0.1', port: cloud.storage.port, method, path, headers },
      async (answer) => {
        if (method !== 'GET') {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        } else
          response
            .setHeader('content-type', 'application/json')
            .end(JSON.stringify({ ...((await json(answer)) as object), ...claim }));
      },
    );
    request.pipe(onward);
  });
  return { store: openStore(proxy.url), [Symbol.asyncDispose]: proxy.close };
}

/**
 * Returns a store whose server does what it is asked, but whose first response to a matching request is lost: a gateway
 * answers 503 instead.
 */
async function storeThatLoses(isLost: (request: IncomingMessage) => boolean) {
  let lost = 0;
  const proxy = await startHttpServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = httpRequest({ host: '127.0.0.1', port: cloud.storage.port, method, path, headers }, (answer) => {
      if (lost === 0 && isLost(request)) {
        lost++;
        answer.resume().on('end', () => response.writeHead(503).end());
      } else {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      }
    });
    request.pipe(onward);
  });
  return { store: openStore(proxy.url), lost: () => lost, [Symbol.asyncDispose]: proxy.close };
}

describe('an object put', () => {
  it('is stored with its size and checksum', async () => {
    const name = newName();
    const content = Buffer.from('1,"報表"\n');
    expect(await objects.put(name, content, never)).toEqual({ bytes: 11, crc32c: crc32cOf(content) });
    expect(await objects.get(name, crc32cOf(content))).toEqual(content);
  });

  it.each([1, 5, 11, 12, 1000])('gives its first %d bytes, or all there are', async (bytes) => {
    const name = newName();
    const content = Buffer.from('1,"報表"\n');
    await objects.put(name, content, never);
    expect(await objects.head(name, bytes)).toEqual(content.subarray(0, bytes));
  });

  it('again is the same success', async () => {
    const name = newName();
    const first = await objects.put(name, Buffer.from('same'), never);
    expect(await objects.put(name, Buffer.from('same'), never)).toEqual(first);
  });

  it('is never replaced by another', async () => {
    const name = newName();
    const { crc32c } = await objects.put(name, Buffer.from('first'), never);
    await expect(objects.put(name, Buffer.from('other'), never)).rejects.toMatchObject({ code: 412 });
    expect((await objects.get(name, crc32c)).toString()).toBe('first');
  });

  it('is stored over an outage', async () => {
    const name = newName();
    cloud.storage.faults.unavailable(({ object }) => object === name, 1);
    const { crc32c } = await objects.put(name, Buffer.from('late'), never);
    expect((await objects.get(name, crc32c)).toString()).toBe('late');
  });

  it('is stored when the answer is lost and the next try finds it there', async () => {
    const name = newName();
    await using lossy = await storeThatLoses(({ method }) => method === 'POST');
    const { crc32c } = await lossy.store.put(name, Buffer.from('content'), never);
    expect(lossy.lost()).toBe(1);
    expect((await objects.get(name, crc32c)).toString()).toBe('content');
  });

  it('is refused when it is read with another checksum than it has', async () => {
    const name = newName();
    await objects.put(name, Buffer.from('content'), never);
    const wrong = objects.get(name, crc32cOf(Buffer.from('other')));
    await expect(wrong).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', kind: 'transient' });
  });
});

describe('an upload', () => {
  /** Yields the bytes in blocks whose size is not a round number. */
  async function* blocksOf(bytes: Buffer) {
    for (let at = 0; at < bytes.length; at += 1_000_003) yield bytes.subarray(at, at + 1_000_003);
  }

  it.each([0, 1, 8 * MIB, 8 * MIB + 1, 20 * MIB])('of %d bytes arrives whole', async (size) => {
    const name = newName();
    const content = randomBytes(size);
    expect(await objects.upload(name, blocksOf(content), never)).toEqual({ bytes: size, crc32c: crc32cOf(content) });
    expect(content.equals(await objects.get(name, crc32cOf(content)))).toBe(true);
  });

  it('goes on from where the connection broke', async () => {
    const name = newName();
    const content = randomBytes(20 * MIB);
    let pieces = 0;
    cloud.storage.faults.breakUpload(({ method }) => method === 'PUT' && ++pieces === 2, 3 * MIB);
    await objects.upload(name, blocksOf(content), never);
    expect(pieces).toBe(2);
    expect(content.equals(await objects.get(name, crc32cOf(content)))).toBe(true);
  });

  it('goes on after an outage', async () => {
    const name = newName();
    const content = randomBytes(20 * MIB);
    let pieces = 0;
    cloud.storage.faults.unavailable(({ method }) => method === 'PUT' && ++pieces === 2, 1);
    await objects.upload(name, blocksOf(content), never);
    expect(pieces).toBe(2);
    expect(content.equals(await objects.get(name, crc32cOf(content)))).toBe(true);
  });

  it('is whole when the answer to its one piece is lost', async () => {
    const name = newName();
    const content = randomBytes(MIB);
    await using lossy = await storeThatLoses(({ method }) => method === 'PUT');
    await lossy.store.upload(name, blocksOf(content), never);
    expect(lossy.lost()).toBe(1);
    expect(content.equals(await objects.get(name, crc32cOf(content)))).toBe(true);
  });

  it('leaves no object when it is aborted', async () => {
    const name = newName();
    const aborting = new AbortController();
    const reason = new Error('nobody waits any more');
    const content = (async function* () {
      yield randomBytes(9 * MIB);
      aborting.abort(reason);
      yield randomBytes(1);
    })();
    await expect(objects.upload(name, content, aborting.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(await objects.exists(name)).toBe(false);
  });

  it('leaves no object when its content fails, and fails with that fault', async () => {
    const name = newName();
    const fault = new Error('the join failed');
    const content = (async function* () {
      yield randomBytes(9 * MIB);
      throw fault;
    })();
    await expect(objects.upload(name, content, never)).rejects.toBe(fault);
    expect(await objects.exists(name)).toBe(false);
  });

  it.each([{ size: '4' }, { crc32c: 'AAAAAA==' }])('fails if what is stored is something else: %j', async (claim) => {
    await using lying = await storeThatSays(claim);
    const uploading = lying.store.upload(newName(), blocksOf(Buffer.from('1,2,3\n')), never);
    await expect(uploading).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH', kind: 'transient' });
  });

  it('is refused under a name that is taken, which stays as it is', async () => {
    const name = newName();
    const { crc32c } = await objects.put(name, Buffer.from('first'), never);
    await expect(objects.upload(name, blocksOf(Buffer.from('second')), never)).rejects.toThrow(/pre-conditions/);
    expect((await objects.get(name, crc32c)).toString()).toBe('first');
  });

  it('is kept by one alone of two that began before either ended', async () => {
    const name = newName();
    const contents = [randomBytes(KIB), randomBytes(KIB)];
    const outcomes = await Promise.allSettled(contents.map((bytes) => objects.upload(name, blocksOf(bytes), never)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('objects', () => {
  it('are there until they are deleted, which may be done again', async () => {
    const name = newName();
    expect(await objects.exists(name)).toBe(false);
    await objects.put(name, Buffer.from('x'), never);
    expect(await objects.exists(name)).toBe(true);
    await objects.delete(name);
    await objects.delete(name);
    expect(await objects.exists(name)).toBe(false);
  });

  it('are listed below a prefix, however many', async () => {
    const inside = Array.from({ length: 30 }, (_, index) => `reports/a/${index}`).sort();
    await Promise.all(
      [...inside, 'reports/ab', 'reports/b/0'].map((name) => objects.put(name, Buffer.from('x'), never)),
    );
    expect(await objects.list('reports/a/')).toEqual(inside);
    expect(await objects.list('reports/none/')).toEqual([]);
  });

  it('have an address in their bucket, and are found by it', () => {
    const name = 'reports/2026/03/01/r/payments-by-admin-1.csv';
    expect(objects.address(name)).toBe(`gs://${BUCKET}/${name}`);
    expect(objects.nameOf(objects.address(name))).toBe(name);
  });
});

describe('a signed URL', () => {
  it.each([
    ['report.csv', `attachment; filename="plain.csv"; filename*=UTF-8''report.csv`],
    [
      '標籤用戶提現報表.csv',
      `attachment; filename="plain.csv"; filename*=UTF-8''%E6%A8%99%E7%B1%A4%E7%94%A8%E6%88%B6%E6%8F%90%E7%8F%BE%E5%A0%B1%E8%A1%A8.csv`,
    ],
    [`a"b\\c%d'(e)*.csv`, `attachment; filename="plain.csv"; filename*=UTF-8''a%22b%5Cc%25d%27%28e%29%2A.csv`],
    ['a\r\nSet-Cookie: x.csv', `attachment; filename="plain.csv"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x.csv`],
  ])('saves as %j', async (fileName, disposition) => {
    const name = newName();
    await objects.put(name, Buffer.from('1,2\n'), never);
    const response = await fetch(
      await objects.signedUrl(name, { expiresInSeconds: 60, fileName, plainName: 'plain.csv' }),
    );
    expect(await response.text()).toBe('1,2\n');
    expect(response.headers.get('content-disposition')).toBe(disposition);
  });

  it('lasts as long as asked', async () => {
    const name = newName();
    const url = new URL(
      await objects.signedUrl(name, { expiresInSeconds: 300, fileName: 'a.csv', plainName: 'a.csv' }),
    );
    expect(url.searchParams.get('X-Goog-Expires')).toBe('300');
  });
});
