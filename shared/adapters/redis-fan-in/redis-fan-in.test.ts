import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../../infra/local-servers/redis.ts';
import { type RunFolder, runFolder } from '../../../infra/local-servers/run-folder.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { fanInKey } from '../../domain/names.ts';
import type { SourceResult } from '../../domain/source-result.ts';
import type { FanIn, Lease } from '../../ports/fan-in.ts';
import { redisFanIn } from './redis-fan-in.ts';

const TEN_MINUTES_MS = 600_000;

let folder: RunFolder;
let server: LocalRedis;
let redis: Redis;
let fanIn: FanIn;

beforeAll(async () => {
  folder = await runFolder('test');
  server = await startRedis({ dir: folder.path });
  // Created like the functions' client, so that concurrent commands share a pipeline here, too.
  redis = new Redis(server.url, { enableAutoPipelining: true });
  fanIn = redisFanIn(redis, { leaseMs: 60_000 });
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  await folder.remove();
});

const tags = { table: 'plt_user.vs_user_tag_relation', name: 'tags' };
const withdrawals = { table: 'plt_fund.vs_withdraw', name: 'withdrawals' };

const resultOf = (rows: number): SourceResult => ({
  columns: [{ name: 'user_id', kind: 'unsigned' }],
  rows,
  bytes: 12,
  longestRow: 4,
  dataAsOf: '2026-03-01T12:00:00.123Z',
  content: { inline: '報表' },
  effort: { seconds: 0.25, vcpu: 1, memoryGib: 0.5 },
});

const keysOf = (from: string) => ({ ...resultOf(3), from });

describe('a result', () => {
  it('is counted once, however often and however closely it is recorded', async () => {
    const id = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, rows) => fanIn.recordResult(id, tags, resultOf(rows))),
    );
    expect(answers.filter((answer) => answer?.counted)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer?.queryDoneCount))).toEqual(new Set([1]));
  });

  it('stands as it came first', async () => {
    const id = randomUUID();
    await fanIn.recordResult(id, tags, resultOf(1));
    await fanIn.recordResult(id, tags, resultOf(2));
    expect((await fanIn.read(id)).results).toEqual(new Map([['tags', resultOf(1)]]));
  });

  it('raises the count, which is always that of the results there', async () => {
    const id = randomUUID();
    const sources = Array.from({ length: 20 }, (_, index) => ({ table: 'plt_fund.vs_payment', name: `s${index}` }));
    const answers = await Promise.all(
      [...sources, ...sources].map((source) => fanIn.recordResult(id, source, resultOf(0))),
    );
    const counts = answers.filter((answer) => answer?.counted).map((answer) => answer?.queryDoneCount);
    expect(counts).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    const { queryDoneCount, results } = await fanIn.read(id);
    expect([queryDoneCount, results.size]).toEqual([20, 20]);
  });

  it('is counted for its own record alone', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await fanIn.recordResult(one, tags, resultOf(1));
    expect(await fanIn.recordResult(other, tags, resultOf(1))).toEqual({ counted: true, queryDoneCount: 1 });
  });

  it('clears the error of its source and of no other', async () => {
    const id = randomUUID();
    await fanIn.recordError(id, 'tags', 'connect ECONNREFUSED');
    await fanIn.recordError(id, 'withdrawals', 'too many connections');
    await fanIn.recordResult(id, tags, resultOf(1));
    expect((await fanIn.read(id)).errors).toEqual(new Map([['withdrawals', 'too many connections']]));
  });
});

describe('a result that was read by keys', () => {
  const byKeys = (keysFrom: string) => ({ ...withdrawals, keysFrom });

  it('is recorded where those are its source’s', async () => {
    const id = randomUUID();
    await fanIn.recordKeys(id, withdrawals, keysOf('one'));
    expect(await fanIn.recordResult(id, byKeys('one'), resultOf(1))).toEqual({ counted: true, queryDoneCount: 1 });
    expect(await fanIn.recordResult(id, byKeys('one'), resultOf(2))).toEqual({ counted: false, queryDoneCount: 1 });
  });

  it.each([
    ['others', (id: string) => fanIn.recordKeys(id, withdrawals, keysOf('two'))],
    ['another source’s', (id: string) => fanIn.recordKeys(id, tags, keysOf('one'))],
    ['none, Redis having lost them', () => server.flush()],
  ])('is not recorded where there are %s', async (_, change) => {
    const id = randomUUID();
    await change(id);
    expect(await fanIn.recordResult(id, byKeys('one'), resultOf(1))).toBeUndefined();
    expect(await fanIn.read(id)).toMatchObject({ queryDoneCount: 0, results: new Map() });
  });

  it('is taken back when there are others, and counted anew', async () => {
    const id = randomUUID();
    await fanIn.recordResult(id, tags, resultOf(1));
    await fanIn.recordKeys(id, withdrawals, keysOf('one'));
    await fanIn.recordResult(id, byKeys('one'), resultOf(1));
    await fanIn.recordKeys(id, withdrawals, keysOf('two'));
    expect(await fanIn.read(id)).toMatchObject({ queryDoneCount: 1, results: new Map([['tags', resultOf(1)]]) });
    expect(await fanIn.recordResult(id, byKeys('two'), resultOf(2))).toEqual({ counted: true, queryDoneCount: 2 });
  });
});

describe('what is kept of a record', () => {
  it('is nothing at first', async () => {
    const nothing = { queryDoneCount: 0, results: new Map(), keys: new Map(), errors: new Map() };
    expect(await fanIn.read(randomUUID())).toEqual(nothing);
  });

  it('is told apart: results, keys, and the last error of each source', async () => {
    const id = randomUUID();
    await fanIn.recordKeys(id, withdrawals, keysOf('one'));
    await fanIn.recordResult(id, tags, resultOf(1));
    await fanIn.recordError(id, 'withdrawals', 'first');
    await fanIn.recordError(id, 'withdrawals', 'second "error": 報表');
    expect(await fanIn.read(id)).toEqual({
      queryDoneCount: 1,
      results: new Map([['tags', resultOf(1)]]),
      keys: new Map([['withdrawals', keysOf('one')]]),
      errors: new Map([['withdrawals', 'second "error": 報表']]),
    });
  });

  it.each(['keys.orders', 'error.orders'])('is a result of a database of any name: %s', async (table) => {
    const id = randomUUID();
    await fanIn.recordResult(id, { table, name: 'orders' }, resultOf(1));
    expect(await fanIn.read(id)).toMatchObject({
      results: new Map([['orders', resultOf(1)]]),
      keys: new Map(),
      errors: new Map(),
    });
  });

  it.each<[name: string, write: (id: string) => Promise<unknown>]>([
    ['a result', (id) => fanIn.recordResult(id, withdrawals, resultOf(1))],
    ['a result recorded again', (id) => fanIn.recordResult(id, tags, resultOf(1))],
    ['an error', (id) => fanIn.recordError(id, 'withdrawals', 'refused')],
    ['keys', (id) => fanIn.recordKeys(id, withdrawals, keysOf('one'))],
    ['a sign of life', (id) => fanIn.keepAlive(id)],
  ])('is kept for ten minutes from the latest: %s', async (_, write) => {
    const id = randomUUID();
    await fanIn.recordResult(id, tags, resultOf(1));
    await redis.pexpire(fanInKey(id), 5000);
    await write(id);
    const ttl = await redis.pttl(fanInKey(id));
    expect(ttl).toBeGreaterThan(TEN_MINUTES_MS - 10_000);
    expect(ttl).toBeLessThanOrEqual(TEN_MINUTES_MS);
  });

  it('does not come into being by a sign of life', async () => {
    const id = randomUUID();
    await fanIn.keepAlive(id);
    expect(await redis.exists(fanInKey(id))).toBe(0);
  });

  it('is gone with Redis’s memory, and counted anew', async () => {
    const id = randomUUID();
    await fanIn.recordResult(id, tags, resultOf(1));
    await server.flush();
    expect(await fanIn.read(id)).toMatchObject({ queryDoneCount: 0 });
    expect(await fanIn.recordResult(id, withdrawals, resultOf(1))).toEqual({ counted: true, queryDoneCount: 1 });
  });
});

describe('a lease', () => {
  const take = async (key: string): Promise<Lease> => {
    const lease = await fanIn.acquireLease(key);
    if (!lease) throw new Error(`${key} is another's`);
    return lease;
  };
  /** Makes the lease expire. */
  const runOut = async (key: string) => {
    await redis.pexpire(key, 1);
    await eventually(async () => !(await fanIn.isLeased(key)));
  };

  it('is one’s own alone, whoever asks at once', async () => {
    const key = randomUUID();
    const leases = await Promise.all(Array.from({ length: 50 }, () => fanIn.acquireLease(key)));
    expect(leases.filter(Boolean)).toHaveLength(1);
    expect(await fanIn.isLeased(key)).toBe(true);
    expect(await fanIn.isLeased(randomUUID())).toBe(false);
  });

  it('is free again once released', async () => {
    const key = randomUUID();
    await (await take(key)).release();
    expect(await fanIn.isLeased(key)).toBe(false);
    expect(await fanIn.acquireLease(key)).toBeDefined();
  });

  it('runs out and lets another in', async () => {
    const key = randomUUID();
    const leaseMs = 50;
    const began = performance.now();
    await redisFanIn(redis, { leaseMs }).acquireLease(key);
    await eventually(() => fanIn.acquireLease(key));
    expect(performance.now() - began).toBeGreaterThanOrEqual(leaseMs - 1);
  });

  it('goes on for its whole time when renewed', async () => {
    const key = randomUUID();
    const lease = await take(key);
    await redis.pexpire(key, 1000);
    expect(await lease.renew()).toBe(true);
    expect(await redis.pttl(key)).toBeGreaterThan(50_000);
  });

  it('that ran out is taken back by renewing it, if nobody took it', async () => {
    const key = randomUUID();
    const lease = await take(key);
    await runOut(key);
    expect(await lease.renew()).toBe(true);
    expect(await fanIn.acquireLease(key)).toBeUndefined();
  });

  it('that another took can neither be renewed nor released', async () => {
    const key = randomUUID();
    const lost = await take(key);
    await runOut(key);
    const taken = await take(key);
    expect(await lost.renew()).toBe(false);
    await lost.release();
    expect(await fanIn.isLeased(key)).toBe(true);
    expect(await taken.renew()).toBe(true);
  });
});
