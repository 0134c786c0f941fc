import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

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

/** A FIFO holds this much; no read gives more. */
const READ_BYTES = 64 * 1024;

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
    this.#socket = new Socket({
      fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
      readable: true,
      writable: false,
      // One buffer for all reads: a new one each would make the garbage collector run all the time.
      onread: {
        buffer: Buffer.allocUnsafeSlow(READ_BYTES),
        callback: (bytes, buffer) => this.#take(buffer, bytes),
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
  #take(bytes: Uint8Array, length: number): boolean {
    if (this.#discarding) return true;
    let from = 0;
    while (from < length) {
      const taken = Math.min(length - from, BLOCK_BYTES - this.#position);
      this.#block.set(bytes.subarray(from, from + taken), this.#position);
      this.#position += taken;
      from += taken;
      if (this.#position === BLOCK_BYTES) {
        this.#blocks.push(this.#block);
        this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
        this.#position = 0;
        this.#wake();
      }
    }
    return this.#blocks.length < 2;
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}

const READER_POLL_MS = 2;

/**
 * Writes `content` into a FIFO as soon as DuckDB has opened it to read, until it ends, the reader leaves, or the query is `cancelled` or `settled`. A reader that
 * leaves early has all it needs (a join with an empty side reads no further), and one that never comes needs nothing. Rejects if `content` does.
 */
export async function feedFifo(
  path: string,
  content: AsyncIterable<Buffer>,
  { cancelled, settled }: { cancelled: AbortSignal; settled: AbortSignal },
): Promise<void> {
  const fd = await openToWrite(path, settled);
  if (fd === undefined) return;
  const socket = new Socket({ fd, readable: false, writable: true });
  let fault: Error | undefined;
  // EPIPE: the reader has left, which `close` tells as well. After any other the reader would take what it has for all.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') fault = error;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let leave = () => {};
  void closed.then(() => leave());
  // Not a race with `closed`: that promise would keep every block until the end.
  const unlessClosed = <T>(step: Promise<T>) =>
    new Promise<T | undefined>((resolve, reject) => {
      leave = () => resolve(undefined);
      if (socket.closed) leave();
      step.then(resolve, reject);
    });
  const over = AbortSignal.any([cancelled, settled]);
  const stop = () => socket.destroy();
  if (over.aborted) stop();
  over.addEventListener('abort', stop);
  const blocks = content[Symbol.asyncIterator]();
  try {
    for (;;) {
      // A block that is long in coming must not hold up the end.
      const next = await unlessClosed(blocks.next());
      if (!next || next.done) break;
      if (!socket.write(next.value)) await unlessClosed(drained(socket));
    }
    socket.end();
    await closed;
    if (fault) throw fault;
  } finally {
    socket.destroy();
    blocks.return?.().catch(() => {});
  }
}

/** Opening to write without blocking is refused with ENXIO while nobody reads. */
async function openToWrite(path: string, settled: AbortSignal): Promise<number | undefined> {
  while (!settled.aborted) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await delay(READER_POLL_MS);
    }
  }
  return undefined;
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('drain', () => resolve()));
}
