import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Storage } from '@google-cloud/storage';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { LocalCloud } from '../../../infra/local-cloud/local-cloud.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { never } from '../../../test/support/never.ts';
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.ts';
import { startTestCloud } from '../../../test/support/test-cloud.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { cloudStorage } from './cloud-storage.ts';
import { Crc32c, crc32cOf } from './crc32c.ts';

const BUCKET = 'report-files';
const MIB = 1024 * 1024;
const content = Buffer.from('1,2,3\n');
const unavailable = { code: 'STORAGE_UNAVAILABLE', kind: 'transient' };

let cloud: LocalCloud;
let proxy: TcpProxy;
let objects: ObjectStore;
let names = 0;
const newName = () => `parts/${++names}/000000.csv.zst`;

beforeAll(async () => {
  cloud = await startTestCloud();
  await new Storage().createBucket(BUCKET);
  proxy = await startTcpProxy(cloud.storage.port);
  const apiEndpoint = `http://127.0.0.1:${proxy.port}`;
  objects = cloudStorage(BUCKET, async () => {
    const storage = new Storage({ apiEndpoint, crc32cGenerator: () => new Crc32c() });
    // Otherwise, except for uploads, the client would call the server that the environment names.
    storage.baseUrl = `${apiEndpoint}/storage/v1`;
    return storage.bucket(BUCKET);
  });
});
// The clock of timeouts is the tests' own; everything else goes on.
beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: [
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'nextTick',
      'queueMicrotask',
      'Date',
      'performance',
      'hrtime',
    ],
  });
});
afterEach(async () => {
  jest.useRealTimers();
  await proxy.restore();
});
afterAll(async () => {
  await proxy.close();
  await cloud.close();
});

/** Asserts that the call waits for `limitMs` and then fails, and that no timer is left. */
async function expectGivenUp(call: Promise<unknown>, limitMs: number): Promise<void> {
  let settled = false;
  const ended = call.finally(() => {
    settled = true;
  });
  ended.catch(() => {});
  await eventually(() => jest.getTimerCount() === 1);
  jest.advanceTimersByTime(limitMs - 1);
  await setImmediate();
  expect(settled).toBe(false);
  jest.advanceTimersByTime(1);
  await expect(ended).rejects.toMatchObject(unavailable);
  expect(jest.getTimerCount()).toBe(0);
}

describe('storage that takes a request and does not answer', () => {
  it.each<[name: string, limitSeconds: number, call: (name: string) => Promise<unknown>]>([
    ['whether an object exists', 10, (name) => objects.exists(name)],
    ['for a list', 10, (name) => objects.list(name)],
    ['for the beginning of an object', 10, (name) => objects.head(name, 3)],
    ['for an object', 60, (name) => objects.get(name, crc32cOf(content))],
    ['to store an object', 60, (name) => objects.put(name, content, never)],
    ['to delete an object', 10, (name) => objects.delete(name)],
  ])('is asked %s for %d s', async (_, limitSeconds, call) => {
    const name = newName();
    await objects.put(name, content, never);
    await call(name);
    expect(jest.getTimerCount()).toBe(0);
    proxy.holdReplies(0);
    await expectGivenUp(call(name), limitSeconds * 1000);
  });

  it('is asked no more to store an object once nobody waits for it', async () => {
    const aborting = new AbortController();
    const reason = new Error('nobody waits any more');
    proxy.holdReplies(0);
    const putting = objects.put(newName(), content, aborting.signal);
    putting.catch(() => {});
    await eventually(() => jest.getTimerCount() === 1);
    aborting.abort(reason);
    await expect(putting).rejects.toBe(reason);
    await expect(objects.put(newName(), content, aborting.signal)).rejects.toBe(reason);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('an upload', () => {
  it.each([
    ['its beginning', 0, 1],
    ['a chunk', 12, 17],
    ['its last chunk', 19, 20],
  ])('fails when %s is not answered for 60 s, and leaves its content', async (_, holdAt, stuckAt) => {
    let taken = 0;
    let left = false;
    const blocks = (async function* () {
      try {
        for (; taken < 20; taken++) {
          if (taken === holdAt) proxy.holdReplies(0);
          yield randomBytes(MIB);
        }
      } finally {
        left = true;
      }
    })();
    const uploading = objects.upload(newName(), blocks, never);
    uploading.catch(() => {});
    await eventually(() => taken + 1 > stuckAt);
    await expectGivenUp(uploading, 60_000);
    await eventually(() => left);
  });

  it('may wait for its content for an hour', async () => {
    const name = newName();
    const hour = Promise.withResolvers<void>();
    let taken = 0;
    const bytes = randomBytes(10 * MIB);
    const blocks = (async function* () {
      yield bytes.subarray(0, 9 * MIB);
      taken++;
      await hour.promise;
      yield bytes.subarray(9 * MIB);
    })();
    const uploading = objects.upload(name, blocks, never);
    await eventually(() => taken === 1);
    jest.advanceTimersByTime(3_600_000);
    hour.resolve();
    expect(await uploading).toEqual({ bytes: 10 * MIB, crc32c: crc32cOf(bytes) });
    expect(jest.getTimerCount()).toBe(0);
  });
});
