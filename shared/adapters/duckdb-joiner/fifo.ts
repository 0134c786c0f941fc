import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { release } from '../../runtime/release.ts';
import { enlargePipe } from './pipe-size.ts';

/**
 * FIFOs between this process and DuckDB's threads. Our ends are non-blocking sockets: a blocking open or write would hold a libuv pool
 * thread until DuckDB comes to the other end, and DuckDB's own calls need pool threads. DuckDB's ends do block, so whatever happens here, nobody
 * may leave before the query has settled: DuckDB would wait for ever, beyond the reach of an interrupt.
 */
export async function makeFifos(paths: readonly string[]): Promise<void> {
  // Node has no call for it.
  await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
}

/** The size of the blocks that come out of a FIFO. */
const BLOCK_BYTES = 1024 * 1024;

/** Blocks that may wait: DuckDB shall go on writing while the consumer sends what it has gathered. */
const MAX_WAITING_BLOCKS = 8;

/** What DuckDB writes into a FIFO, gathered into blocks. */
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
      // Straight into the block: a new buffer for each read would make the garbage collector run all the time.
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

  /** Reads on to the end, keeping nothing. */
  discard(): void {
    this.#discarding = true;
    this.#blocks.length = 0;
    this.#socket.resume();
  }

  /** Ends the iteration, after what was read so far. */
  close(): void {
    this.#socket.destroy();
  }

  /** Whether to read on. */
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

/** DuckDB's threads: so many of a source's FIFOs are open at once. */
export const READERS = 2;

/** How often to see whether DuckDB has come to a source at all, which may take long, and to the next part of one that it reads. */
const POLL_MS = { first: 5, next: 1 };

/** How a join tells that nothing more is wanted of its sources, and that DuckDB has left their FIFOs. */
interface Ends {
  cancelled: AbortSignal;
  settled: AbortSignal;
}

/**
 * Feeds each part into the FIFO of its path when DuckDB, which takes them in order, has opened it to read; the next part is fetched meanwhile.
 * A fault is told at once. From then on, or when the query is `cancelled`, DuckDB finds nothing in whatever it opens, until it is `settled`.
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
    // Awaited a turn later: a fault meanwhile must not count as unhandled.
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

/** Opening to write without blocking is refused with ENXIO while nobody reads. */
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

/** A thread of DuckDB's that waits in opening a FIFO goes on when somebody else has opened it; it finds it empty. */
async function releaseReaders(paths: readonly string[], settled: AbortSignal): Promise<void> {
  while (!settled.aborted) {
    for (const path of paths) {
      try {
        closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
      } catch {
        // Nobody waits there, or no file can be opened at the moment.
      }
    }
    await delay(POLL_MS.first);
  }
}

async function feedFifo(fd: number, part: Promise<Buffer> | undefined, over: AbortSignal): Promise<void> {
  const socket = new Socket({ fd, readable: false, writable: true });
  const closed = new Promise<undefined>((resolve) => socket.once('close', () => resolve(undefined)));
  let fault: Error | undefined;
  // EPIPE: the reader has left and so has all it needs; a join with an empty side reads no further.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (!over.aborted && error.code !== 'EPIPE') fault = error;
  });
  addAbortSignal(over, socket);
  // A part that is long in coming must not hold up the end.
  const content = await Promise.race([part, closed]);
  if (content) socket.end(content);
  await closed;
  if (content) release(content);
  if (fault) throw fault;
}
