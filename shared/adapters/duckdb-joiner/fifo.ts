import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { release } from '../../runtime/release.ts';
import { enlargePipe } from './pipe-size.ts';

/**
 * Creates FIFOs between this process and DuckDB's threads. Our ends are non-blocking sockets: a blocking open or write
 * would hold a libuv pool thread until DuckDB opens the other end, and DuckDB's own calls need pool threads. DuckDB's
 * ends do block. Therefore this process must keep serving its ends until the query has settled, whatever happens:
 * otherwise DuckDB would wait forever, where an interrupt does not reach it.
 */
export async function makeFifos(paths: readonly string[]): Promise<void> {
  // Node has no call for this.
  await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
}

/** Size of the blocks that are read from a FIFO. */
const BLOCK_BYTES = 1024 * 1024;

/** Maximum number of waiting blocks: DuckDB can continue to write while the consumer sends what it has collected. */
const MAX_WAITING_BLOCKS = 8;

/** Collects what DuckDB writes into a FIFO into blocks. */
export class FifoReader {
  readonly #socket: Socket;
  readonly #blocks: Buffer[] = [];
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #position = 0;
  #discarding = false;
  #ended = false;
  #wake: () => void = () => {};

  /** The FIFO has no writer until DuckDB opens its end; the socket waits for that. */
  constructor(path: string) {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    enlargePipe(fd);
    this.#socket = new Socket({
      fd,
      readable: true,
      writable: false,
      // Reads directly into the block: a new buffer per read would keep the garbage collector running all the time.
      onread: {
        buffer: () => this.#block.subarray(this.#position),
        callback: (bytes) => this.#take(bytes),
      },
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#end());
    this.#socket.on('end', () => this.#end());
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for (;;) {
      const block = this.#blocks.shift();
      if (block) {
        yield block;
        this.#socket.resume();
      } else if (this.#ended) break;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
    if (this.#position > 0) yield this.#block.subarray(0, this.#position);
  }

  /** Reads to the end and drops the content. */
  discard(): void {
    this.#discarding = true;
    this.#blocks.length = 0;
    this.#socket.resume();
  }

  /** Ends the iteration after the data that has been read so far. */
  close(): void {
    this.#socket.destroy();
  }

  /** Returns whether to continue reading. */
  #take(bytes: number): boolean {
    if (this.#discarding) return true;
    this.#position += bytes;
    if (this.#position === BLOCK_BYTES) {
      this.#blocks.push(this.#block);
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#position = 0;
      this.#wake();
    }
    return this.#blocks.length < MAX_WAITING_BLOCKS;
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}

/** Number of DuckDB's threads, and therefore of a source's FIFOs that are open at once. */
export const READERS = 2;

/**
 * Polling intervals: until DuckDB opens the first part of a source, which may take long, and until it opens each next
 * part.
 */
const POLL_MS = { first: 5, next: 1 };

/**
 * The signals of a join: `cancelled` when it needs no more of its sources, `settled` when DuckDB has left their FIFOs.
 */
interface Ends {
  cancelled: AbortSignal;
  settled: AbortSignal;
}

/**
 * Feeds each part into the FIFO of its path once DuckDB, which reads the parts in order, has opened it; the next part
 * is fetched meanwhile. Reports a fault immediately through `fail`. From then on, or once the query is `cancelled`,
 * every FIFO that DuckDB opens is empty, until the query has `settled`.
 */
export async function feedFifos(
  paths: readonly string[],
  parts: readonly (() => Promise<Buffer>)[],
  { cancelled, settled }: Ends,
  fail: (fault: unknown) => void,
): Promise<void> {
  const over = AbortSignal.any([cancelled, settled]);
  const fetchPart = (index: number) => {
    const part = parts[index]?.();
    // The part is awaited later: a fault in the meantime must not count as an unhandled rejection.
    part?.catch(() => {});
    return part;
  };
  const feeds = new Set<Promise<void>>();
  let upcoming = fetchPart(0);
  for (const [index, path] of paths.entries()) {
    if (feeds.size === READERS) await Promise.race(feeds);
    const fd = await openToWrite(path, index === 0 ? POLL_MS.first : POLL_MS.next, over, fail);
    if (fd === undefined) break;
    const part = upcoming;
    upcoming = fetchPart(index + 1);
    const feed = feedFifo(fd, part, over)
      .catch(fail)
      .finally(() => feeds.delete(feed));
    feeds.add(feed);
  }
  await Promise.all(feeds);
  if (cancelled.aborted) await releaseReaders(paths, settled);
}

/** Opens a FIFO for writing once a reader has opened it. Until then, a non-blocking open fails with ENXIO. */
async function openToWrite(
  path: string,
  pollMs: number,
  over: AbortSignal,
  fail: (fault: unknown) => void,
): Promise<number | undefined> {
  while (!over.aborted) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      enlargePipe(fd);
      return fd;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENXIO') await delay(pollMs);
      else fail(error);
    }
  }
  return undefined;
}

/**
 * Releases DuckDB's threads that are blocked in opening a FIFO: once this process has opened it too, the thread
 * continues and finds it empty.
 */
async function releaseReaders(paths: readonly string[], settled: AbortSignal): Promise<void> {
  while (!settled.aborted) {
    for (const path of paths) {
      try {
        closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch {
        // No thread waits there, or no file can be opened at the moment.
      }
    }
    await delay(POLL_MS.first);
  }
}

async function feedFifo(fd: number, part: Promise<Buffer> | undefined, over: AbortSignal): Promise<void> {
  const socket = new Socket({ fd, readable: false, writable: true });
  const closed = new Promise<undefined>((resolve) => socket.once('close', () => resolve(undefined)));
  let fault: Error | undefined;
  // EPIPE: the reader has closed its end because it needs no more. A join with an empty side reads no further.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (!over.aborted && error.code !== 'EPIPE') fault = error;
  });
  addAbortSignal(over, socket);
  // A part that takes long to arrive must not delay the end.
  const content = await Promise.race([part, closed]);
  if (content) socket.end(content);
  await closed;
  if (content) release(content);
  if (fault) throw fault;
}
