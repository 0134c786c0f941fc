import { once } from 'node:events';
import { describe, expect, it, jest } from '@jest/globals';
import { ReportError } from '../../shared/domain/errors.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { representRecord } from '../../shared/http/representation.ts';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { openEventStream } from '../../test/support/event-stream.ts';
import { eventually } from '../../test/support/eventually.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { serveFunction } from '../../test/support/serve-function.ts';
import { type LiveList, streamLiveList } from './live-list.ts';

const scope = { source: 'portal', adminId: '7' };
const record = (changes: Partial<FileDownloadRecord> = {}) => newRecord({ ...scope, ...changes });
/** The timers and clocks other than intervals. */
const EVERYTHING_ELSE = [
  'setTimeout',
  'clearTimeout',
  'setImmediate',
  'clearImmediate',
  'nextTick',
  'queueMicrotask',
  'Date',
  'performance',
  'hrtime',
] as const;
const hour = () => new Date(Date.now() + 3_600_000);

/** Returns a store that yields the changes that a test makes. */
function watchedStore() {
  const batches: FileDownloadRecord[][] = [[]];
  const faults: Error[] = [];
  let wake = () => {};
  const store = {
    open: 0,
    asked: [] as unknown[],
    waiting: () => batches.length,
    change(...batch: FileDownloadRecord[]) {
      batches.push(batch);
      wake();
    },
    fail(error: Error) {
      faults.push(error);
      wake();
    },
    async *watch(asked: unknown, signal: AbortSignal) {
      store.asked.push(asked);
      store.open++;
      signal.addEventListener('abort', () => wake());
      try {
        while (!signal.aborted) {
          const fault = faults.shift();
          if (fault) throw fault;
          const batch = batches.shift();
          if (batch) yield batch;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        store.open--;
      }
    },
  };
  return store;
}

/** Serves a live list. Each request waits for `gate` before it is answered. */
async function serve(list: Partial<LiveList> = {}, gate: Promise<void> = Promise.resolve()) {
  const store = watchedStore();
  const { logger, lines } = memoryLogger();
  const outcomes: unknown[] = [];
  const closed: unknown[] = [];
  const server = await serveFunction(async (_request, response) => {
    response.once('close', () => closed.push(response));
    await gate;
    try {
      const firstPage = async () => ({ downloads: [] });
      await streamLiveList(
        {
          records: store,
          scope,
          mayRead: () => true,
          represent: representRecord,
          firstPage,
          expiresAt: hour(),
          ...list,
        },
        response,
        logger,
      );
      outcomes.push('ended');
    } catch (error) {
      outcomes.push(error);
      response.status(500).end();
    }
  });
  return { ...server, store, lines, outcomes, closed };
}

describe('the live list', () => {
  it('begins with the page, and goes on with what changes', async () => {
    await using server = await serve({ firstPage: async () => ({ downloads: ['一\n二'], nextPageToken: 't' }) });
    await using stream = await openEventStream(server.url);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'private, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    const changed = record({ conditions: { text: 'a\n\nb' } });
    server.store.change(changed, record());
    await eventually(() => stream.events.length === 3);
    expect(stream.events[0]).toEqual({ event: 'snapshot', data: { downloads: ['一\n二'], nextPageToken: 't' } });
    expect(stream.events[1]).toMatchObject({
      event: 'record',
      data: { id: changed.id, conditions: { text: 'a\n\nb' } },
    });
    // Fields that only the system itself needs are not sent.
    expect(stream.events[1]?.data).not.toHaveProperty('sweepAt');
    expect(server.store.asked).toEqual([scope]);
  });

  it('has the page read once the watch has begun, and holds back what changes meanwhile', async () => {
    const page = Promise.withResolvers<unknown>();
    const openWhenRead: number[] = [];
    await using server = await serve({
      firstPage: () => {
        openWhenRead.push(server.store.open);
        return page.promise;
      },
    });
    const opening = openEventStream(server.url);
    await eventually(() => openWhenRead.length > 0);
    server.store.change(record());
    page.resolve({ downloads: [] });
    await using stream = await opening;
    await eventually(() => stream.events.length === 2);
    expect(openWhenRead).toEqual([1]);
    expect(stream.events.map(({ event }) => event)).toEqual(['snapshot', 'record']);
  });

  it('tells no record that the person may not read', async () => {
    const [hidden, shown] = [record({ report: 'secret' }), record()];
    await using server = await serve({ mayRead: ({ report }) => report !== 'secret' });
    await using stream = await openEventStream(server.url);
    server.store.change(hidden, shown);
    await eventually(() => stream.events.length === 2);
    expect(stream.events[1]?.data.id).toBe(shown.id);
  });

  it('of a client that goes away leaves no watch', async () => {
    await using server = await serve();
    {
      await using stream = await openEventStream(server.url);
      await eventually(() => stream.events.length === 1);
      expect(server.store.open).toBe(1);
    }
    await eventually(() => server.store.open === 0 && server.outcomes.length === 1);
    expect(server.outcomes).toEqual(['ended']);
    expect(server.lines).toEqual([]);
  });

  it('of a client that goes away before it begins leaves no watch', async () => {
    const page = Promise.withResolvers<unknown>();
    await using server = await serve({ firstPage: () => page.promise });
    const going = new AbortController();
    const asking = fetch(server.url, { signal: going.signal });
    await eventually(() => server.store.open === 1);
    going.abort();
    await expect(asking).rejects.toThrow();
    page.resolve({});
    await eventually(() => server.store.open === 0 && server.outcomes.length === 1);
  });

  it('of a client that went away before it was asked for opens no watch', async () => {
    const gate = Promise.withResolvers<void>();
    await using server = await serve({}, gate.promise);
    const going = new AbortController();
    const asking = fetch(server.url, { signal: going.signal });
    setImmediate(() => going.abort());
    await expect(asking).rejects.toThrow();
    await eventually(() => server.closed.length === 1);
    gate.resolve();
    await eventually(() => server.outcomes.length === 1);
    expect([server.outcomes, server.store.open]).toEqual([['ended'], 0]);
  });

  it('waits for a client that reads slowly, and leaves no watch when it goes away then', async () => {
    await using server = await serve();
    const batches = Array.from({ length: 50 }, () => record({ conditions: { text: 'x'.repeat(1_000_000) } }));
    {
      await using stream = await openEventStream(server.url);
      for (const one of batches) server.store.change(one);
      await eventually(() => stream.events.length === 51);
      stream.response.pause();
      for (const one of batches) server.store.change(one);
      await eventually(() => server.store.waiting() < 50);
    }
    await eventually(() => server.store.open === 0);
    expect(server.store.waiting()).toBeGreaterThan(0);
    expect(server.lines).toEqual([]);
  });

  it('says something every 15 s, so that nobody takes the connection for dead', async () => {
    jest.useFakeTimers({ doNotFake: [...EVERYTHING_ELSE] });
    try {
      await using server = await serve();
      await using stream = await openEventStream(server.url);
      await eventually(() => stream.events.length === 1);
      jest.advanceTimersByTime(14_999);
      expect(stream.comments()).toBe(0);
      jest.advanceTimersByTime(1);
      await eventually(() => stream.comments() === 1);
    } finally {
      jest.useRealTimers();
    }
  });

  it("ends with the person's token", async () => {
    jest.useFakeTimers({ doNotFake: EVERYTHING_ELSE.filter((name) => name !== 'setTimeout') });
    try {
      await using server = await serve({ expiresAt: new Date(Date.now() + 60_000) });
      await using stream = await openEventStream(server.url);
      await eventually(() => stream.events.length === 1);
      jest.advanceTimersByTime(60_000);
      await stream.ended;
      await eventually(() => server.store.open === 0);
      expect(stream.events).toHaveLength(1);
      expect(stream.response.complete).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  describe('that is over before it begins', () => {
    /** Returns a store that finds nothing until the listener has left, and may then fail. */
    const silent = (fails = false) => ({
      async *watch(_scope: unknown, signal: AbortSignal) {
        if (!signal.aborted) await once(signal, 'abort');
        if (fails) throw new Error('aborted');
        if (!signal.aborted) yield [];
      },
    });

    it.each([false, true])("is refused for the person's token, whether the store fails then: %s", async (fails) => {
      await using server = await serve({ records: silent(fails), expiresAt: new Date(Date.now() + 50) });
      expect((await fetch(server.url)).status).toBe(500);
      expect(server.outcomes).toMatchObject([{ code: 'bad-token', status: 401 }]);
    });

    it('is put off after five minutes', async () => {
      jest.useFakeTimers({ doNotFake: EVERYTHING_ELSE.filter((name) => name !== 'setTimeout') });
      try {
        await using server = await serve({ records: silent() });
        const asking = fetch(server.url);
        await eventually(() => jest.getTimerCount() > 0);
        jest.advanceTimersByTime(5 * 60_000);
        expect((await asking).status).toBe(500);
        expect(server.outcomes).toMatchObject([{ code: 'unavailable', status: 503 }]);
      } finally {
        jest.useRealTimers();
      }
    });
  });

  it('throws when it cannot begin', async () => {
    const down = new ReportError('RECORD_STORE_UNAVAILABLE', 'down', { kind: 'transient' });
    await using watching = await serve();
    watching.store.fail(down);
    expect((await fetch(watching.url)).status).toBe(500);
    await using listing = await serve({ firstPage: () => Promise.reject(down) });
    expect((await fetch(listing.url)).status).toBe(500);
    expect([...watching.outcomes, ...listing.outcomes]).toEqual([down, down]);
    expect([watching.store.open, listing.store.open]).toEqual([0, 0]);
  });

  it('ends when the watch fails later, and says so in the log', async () => {
    await using server = await serve();
    await using stream = await openEventStream(server.url);
    await eventually(() => stream.events.length === 1);
    server.store.fail(new ReportError('RECORD_STORE_UNAVAILABLE', 'down', { kind: 'transient' }));
    await stream.ended;
    expect(stream.response.complete).toBe(true);
    expect(server.lines).toMatchObject([{ message: 'the live list ends', err: { code: 'RECORD_STORE_UNAVAILABLE' } }]);
  });
});
