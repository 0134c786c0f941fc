import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { startHttpServer } from '../../infra/local-cloud/http-server.ts';
import { downloadCenterClient } from './client.ts';
import type { DownloadFilter } from './types.ts';
import { TIMING, type WatchEvent } from './watch.ts';

/** How the server handles the nth connection, counted from 0. */
type Connection = (response: ServerResponse, request: IncomingMessage) => void;

const WAITS = [10, 20, 30, 40];

/**
 * Watches a server that handles its connections as given, one after another. All further connections are handled like
 * the last one.
 */
async function watching(connections: Connection[], options: { filter?: DownloadFilter; silenceMs?: number } = {}) {
  const urls: string[] = [];
  const server = await startHttpServer((request, response) => {
    const connection = connections[Math.min(urls.push(request.url ?? '') - 1, connections.length - 1)];
    connection?.(response, request);
  });
  const leaving = new AbortController();
  const client = downloadCenterClient({
    origin: server.url,
    watchTiming: { waitMs: (attempt) => WAITS[attempt] ?? 50, silenceMs: options.silenceMs ?? 10_000 },
  });
  const events = client.watch(options.filter ?? {}, leaving.signal)[Symbol.asyncIterator]();
  return {
    urls,
    leave: () => leaving.abort(),
    /** Resolves to the next `count` events, or to fewer if there are no more. */
    take: async (count: number) => {
      const taken: WatchEvent[] = [];
      while (taken.length < count) {
        const { value, done } = await events.next();
        if (done) break;
        taken.push(value);
      }
      return taken;
    },
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      await server.close();
    },
  };
}

const PAGE = { downloads: [], nextPageToken: 'next' };
const snapshot = `event: snapshot\ndata: ${JSON.stringify(PAGE)}\n\n`;
const record = (id: string) => `event: record\ndata: ${JSON.stringify({ id })}\n\n`;

const streaming =
  (...texts: string[]): Connection =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const text of texts) response.write(text);
  };
const ending =
  (...texts: string[]): Connection =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(texts.join(''));
  };
const failing =
  (status: number, headers: Record<string, string> = {}): Connection =>
  (response) => {
    const problem = { code: 'some-code', detail: 'no' };
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(JSON.stringify(problem));
  };
const cutting: Connection = (response) => response.destroy();

it('gives out the snapshot, then each record, and asks with the filter', async () => {
  await using watch = await watching([streaming(snapshot, ': alive\n\n', record('1'), record('2'))], {
    filter: { scope: 'own', pageSize: 20 },
  });
  expect(await watch.take(3)).toEqual([
    { event: 'snapshot', page: PAGE },
    { event: 'record', record: { id: '1' } },
    { event: 'record', record: { id: '2' } },
  ]);
  expect(watch.urls).toEqual(['/v1/downloads:watch?scope=own&pageSize=20']);
});

it('leaves out events that it does not know', async () => {
  await using watch = await watching([streaming('event: other\ndata: ?\n\n', record('1'))]);
  expect(await watch.take(1)).toEqual([{ event: 'record', record: { id: '1' } }]);
});

it.each<[string, Connection]>([
  ['the stream has ended', ending(record('1'))],
  [
    'the connection broke',
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(record('1'), () => response.destroy());
    },
  ],
])('goes on by itself after %s', async (_name, first) => {
  await using watch = await watching([first, streaming(snapshot)]);
  expect(await watch.take(3)).toEqual([
    { event: 'record', record: { id: '1' } },
    { event: 'waiting', milliseconds: 10 },
    { event: 'snapshot', page: PAGE },
  ]);
});

it('waits longer after each failure, and begins anew once it was connected', async () => {
  await using watch = await watching([failing(503), cutting, failing(500), ending(snapshot), streaming(snapshot)]);
  const waits = (await watch.take(6)).map((event) => (event.event === 'waiting' ? event.milliseconds : event.event));
  expect(waits).toEqual([10, 20, 30, 'snapshot', 10, 'snapshot']);
});

it('waits at least as long as the server says', async () => {
  await using watch = await watching([failing(503, { 'retry-after': '60' })]);
  expect(await watch.take(1)).toEqual([{ event: 'waiting', milliseconds: 60_000 }]);
});

it('reads the list with each attempt while the person may have no further watch', async () => {
  const listing: Connection = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(PAGE));
  };
  await using watch = await watching([failing(429), listing, failing(429), failing(429), streaming(snapshot)], {
    filter: { scope: 'own', status: 'FAILED' },
  });
  expect(await watch.take(3)).toEqual([
    { event: 'limited', page: PAGE },
    { event: 'limited' },
    { event: 'snapshot', page: PAGE },
  ]);
  expect(watch.urls.slice(0, 2)).toEqual([
    '/v1/downloads:watch?scope=own&status=FAILED',
    '/v1/downloads?scope=own&status=FAILED',
  ]);
});

it.each([400, 401, 403])('ends with a %d', async (status) => {
  await using watch = await watching([ending(snapshot), failing(status)]);
  expect(await watch.take(2)).toHaveLength(2);
  await expect(watch.take(1)).rejects.toMatchObject({ name: 'ProblemError', status, code: 'some-code' });
});

it('takes a connection that has fallen silent for a broken one', async () => {
  await using watch = await watching([streaming(snapshot), streaming(record('1'))], { silenceMs: 100 });
  expect(await watch.take(3)).toEqual([
    { event: 'snapshot', page: PAGE },
    { event: 'waiting', milliseconds: 10 },
    { event: 'record', record: { id: '1' } },
  ]);
});

it('a comment is a sign of life', async () => {
  const commenting: Connection = (response) => {
    streaming(snapshot)(response, response.req);
    // Four times the maximum silence, in steps of a quarter of it.
    let left = 16;
    const timer = setInterval(() => {
      if (left-- > 0) return response.write(': alive\n\n');
      clearInterval(timer);
      return response.write(record('1'));
    }, 50);
  };
  await using watch = await watching([commenting], { silenceMs: 200 });
  expect((await watch.take(2)).map(({ event }) => event)).toEqual(['snapshot', 'record']);
});

it('ends, connection and all, when it is left', async () => {
  let closed: Promise<unknown> = Promise.reject(new Error('never connected'));
  closed.catch(() => {});
  await using watch = await watching([
    (response, request) => {
      closed = once(response, 'close');
      streaming(snapshot)(response, request);
    },
  ]);
  await watch.take(1);
  const rest = watch.take(1);
  watch.leave();
  expect(await rest).toEqual([]);
  await closed;
  expect(watch.urls).toHaveLength(1);
});

it('ends when it is left while it waits', async () => {
  await using watch = await watching([failing(503, { 'retry-after': '3600' })]);
  await watch.take(1);
  const rest = watch.take(1);
  watch.leave();
  expect(await rest).toEqual([]);
});

it('the waits grow from one second to half a minute, half of each by chance', () => {
  for (const [attempt, longest] of [
    [0, 1000],
    [1, 2000],
    [4, 16_000],
    [5, 30_000],
    [50, 30_000],
  ] as const) {
    const waits = Array.from({ length: 200 }, () => TIMING.waitMs(attempt));
    expect(Math.max(...waits)).toBeLessThanOrEqual(longest);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(longest / 2);
    expect(new Set(waits).size).toBeGreaterThan(100);
  }
});
