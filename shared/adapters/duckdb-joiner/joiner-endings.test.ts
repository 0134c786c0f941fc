import { pbkdf2 } from 'node:crypto';
import { closeSync, constants, openSync, readdirSync, writeSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompressSync, zstdDecompress } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { csvSource, joinAll, plain } from '../../../test/support/joining.ts';
import { never } from '../../../test/support/never.ts';
import type { Column } from '../../domain/columns.ts';
import type { JoinSource } from '../../ports/joiner.ts';
import { duckDbJoiner } from './joiner.ts';

const decompress = promisify(zstdDecompress);
const joiner = duckDbJoiner({ memoryLimit: '64MB', spillLimit: '64MB' });
const n: Column = { name: 'n', kind: 'integer' };
const block = Buffer.from('1\n'.repeat(500_000));
const cancelled = new Error('cancelled');
/** A query over 10^14 rows, which ends in no test. */
const ENDLESS = 'SELECT count(*) AS n FROM range(10000000) a, range(10000000) b';

/** The environment of the process itself: jest's `process.env` is a copy, which Node's own modules do not see. */
const environment: NodeJS.ProcessEnv = tmpdir.constructor('return process.env')();
const realTemp = environment.TMPDIR;
let temp: string;
let handles: number;

beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'joins-'));
  environment.TMPDIR = temp;
  // The first join loads what stays loaded.
  await joinAll(joiner, [], 'SELECT 1 AS n', plain('n'));
  handles = pipes();
});
afterEach(async () => {
  expect(await readdir(temp)).toEqual([]);
  await eventually(() => pipes() === handles);
});
afterAll(async () => {
  if (realTemp === undefined) delete environment.TMPDIR;
  else environment.TMPDIR = realTemp;
  await rm(temp, { recursive: true });
});

const pipes = () => process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;

type Parts = JoinSource['parts'];

/** Returns more parts than any of these joins reads. */
const endless = (): Parts => Array<Parts[number]>(300).fill(async () => Buffer.from(block));

/** Returns some parts, followed by one that never arrives. */
const stuck = (parts = 1): Parts => [...endless().slice(0, parts), () => new Promise(() => {})];

/** Returns the same parts, and the number of those that were fetched. */
function counted(parts: Parts) {
  let given = 0;
  const fetchOne = (part: Parts[number]) => () => {
    given++;
    return part();
  };
  return { parts: parts.map(fetchOne), given: () => given };
}

const source = (parts: Parts, name = 's'): JoinSource => ({ name, columns: [n], longestRow: 10, parts });

const start = (sources: JoinSource[], sql: string, signal = never) =>
  joiner.join({ sources, sql, output: plain('n') }, signal);

async function drain(blocks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _block of blocks);
}

describe('a join that is cancelled ends with the reason and leaves nothing behind', () => {
  it('before it begins', async () => {
    await expect(drain(start([source(endless())], 'SELECT n FROM s', AbortSignal.abort(cancelled)))).rejects.toBe(
      cancelled,
    );
  });

  it.each<[when: string, sources: () => JoinSource[], sql: string]>([
    ['while it reads an endless source', () => [source(endless())], 'SELECT count(*) AS n FROM s'],
    ['while it waits for a source', () => [source(stuck())], 'SELECT count(*) AS n FROM s'],
    ['while it streams', () => [source(endless())], 'SELECT n FROM s'],
    ['while it sorts', () => [source(endless())], 'SELECT n FROM s ORDER BY n'],
    ['while it computes', () => [], ENDLESS],
    ['while a source is never read', () => [source(stuck()), source(endless(), 'u')], 'SELECT n FROM u'],
  ])('%s', async (_when, sources, sql) => {
    for (const delayMs of [0, 1, 5, 20, 50, 100]) {
      const cancel = new AbortController();
      const ended = expect(drain(start(sources(), sql, cancel.signal))).rejects.toBe(cancelled);
      setTimeout(() => cancel.abort(cancelled), delayMs);
      await ended;
    }
  });

  it('when the query has not begun yet, since all pool threads are busy', async () => {
    const cancel = new AbortController();
    const busy: Promise<unknown>[] = [];
    const { signal } = cancel;
    const listen = signal.addEventListener.bind(signal);
    // The joiner listens to the signal just before it starts the query.
    signal.addEventListener = (...args: Parameters<typeof listen>) => {
      listen(...args);
      for (let thread = 0; thread < 4; thread++) busy.push(promisify(pbkdf2)('', '', 300_000, 32, 'sha512'));
      setImmediate(() => cancel.abort(cancelled));
    };
    await expect(drain(start([], ENDLESS, signal))).rejects.toBe(cancelled);
    await Promise.all(busy);
  });
});

describe('a consumer may leave', () => {
  it('before it has asked for anything', async () => {
    await start([source(endless())], 'SELECT n FROM s').return(0);
  });

  it.each([1, 2, 8])('after %d blocks', async (blocks) => {
    const joined = start([source(endless())], 'SELECT n FROM s');
    for (let count = 0; count < blocks; count++) expect((await joined.next()).done).toBe(false);
    await joined.return(0);
    expect(await joined.next()).toEqual({ done: true, value: undefined });
  });

  it('with an error of its own', async () => {
    const joined = start([source(endless())], 'SELECT n FROM s');
    await joined.next();
    await expect(joined.throw(new Error('upload failed'))).rejects.toThrow('upload failed');
  });
});

describe('a source that fails', () => {
  /** Returns some parts, one that fails, and more parts. */
  const failing = (before: number): Parts => {
    const gone = async () => {
      throw new Error('the part is gone');
    };
    return endless().with(before, gone);
  };

  it.each([0, 1, 20])('after %d parts fails the join, and never ends it', async (before) => {
    for (const sql of ['SELECT n FROM s', 'SELECT count(*) AS n FROM s', 'SELECT s.n FROM u JOIN s USING (n)']) {
      const sources = [source(failing(before)), csvSource('u', [n], '2\n')];
      await expect(drain(start(sources, sql))).rejects.toThrow('the part is gone');
    }
  });

  it('is no fault if nothing of it is needed', async () => {
    const { rows } = await joinAll(joiner, [source(failing(0))], 'SELECT 1 AS n', plain('n'));
    expect(rows).toBe(1);
  });

  it('or is late is no fault once nothing more of it is needed', async () => {
    const { rows } = await joinAll(joiner, [source(stuck(40))], 'SELECT n FROM s LIMIT 1', plain('n'));
    expect(rows).toBe(1);
  });

  it('is asked for no more than is needed', async () => {
    const { parts, given } = counted(endless());
    await drain(start([source(parts)], 'SELECT n FROM s LIMIT 1'));
    expect(given()).toBeLessThan(10);
  });
});

it.each([
  ['more', 'stray\n'],
  ['fewer', '"'],
])('a join fails when %s rows arrive than it has produced', async (_, stray) => {
  let stranger = 0;
  const intrude: Parts[number] = async () => {
    const [folder = ''] = await readdir(temp);
    stranger = openSync(join(temp, folder, 'output'), constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(stranger, stray);
    return Buffer.from(block);
  };
  const joined = start([source([intrude, ...endless().slice(0, 4)])], 'SELECT n FROM s');
  expect((await joined.next()).done).toBe(false);
  closeSync(stranger);
  await expect(drain(joined)).rejects.toMatchObject({ code: 'ROWS_DISAGREE', kind: 'permanent' });
});

it('holds its source back while nobody takes the result', async () => {
  const { parts, given } = counted(endless());
  const joined = start([source(parts)], 'SELECT n FROM s');
  await joined.next();
  // The source has stopped if it provides nothing while another join runs.
  const heldBack = await eventually(async () => {
    const before = given();
    await joinAll(joiner, [], 'SELECT 1 AS n', plain('n'));
    return given() === before && given();
  });
  expect(heldBack).toBeLessThan(32);
  await joined.return(0);
});

it('keeps no thread once it has ended', async () => {
  const threads = () => readdirSync('/proc/self/task').length;
  const joinSome = async (joins: number) => {
    for (let join = 0; join < joins; join++) await joinAll(joiner, [], 'SELECT 1 AS n', plain('n'));
    return threads();
  };
  const before = await joinSome(10);
  expect((await joinSome(20)) - before).toBeLessThan(10);
});

describe('many at once', () => {
  // Each part needs a pool thread, like the parts of a result.
  const part = zstdCompressSync(Buffer.from(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('')));
  const parts: Parts = Array(3).fill(() => decompress(part));

  it('sources, more than there are pool threads', async () => {
    const sources = Array.from({ length: 12 }, (_, index) => source(parts, `s${index}`));
    const sql = sources.map(({ name }) => `SELECT n FROM ${name}`).join(' UNION ALL ');
    expect((await joinAll(joiner, sources, sql, plain('n'))).rows).toBe(12 * 60_000);
  });

  it('joins, more than there are pool threads', async () => {
    const joins = Array.from({ length: 8 }, () => {
      const sql = 'SELECT s.n FROM s JOIN (SELECT DISTINCT n FROM u) USING (n) ORDER BY n';
      return joinAll(joiner, [source(parts), source(parts, 'u')], sql, plain('n'));
    });
    expect((await Promise.all(joins)).map(({ rows }) => rows)).toEqual(joins.map(() => 60_000));
  });

  it('joins that wait their turn, and are cancelled while they do', async () => {
    const running = [1, 2].map(() => start([source(endless())], 'SELECT n FROM s'));
    await Promise.all(running.map((joined) => joined.next()));
    const cancel = new AbortController();
    const waiting = expect(drain(start([], 'SELECT 1 AS n', cancel.signal))).rejects.toBe(cancelled);
    cancel.abort(cancelled);
    await waiting;
    await Promise.all(running.map((joined) => joined.return(0)));
    expect((await joinAll(joiner, [], 'SELECT 1 AS n', plain('n'))).rows).toBe(1);
  });
});
