import { once } from 'node:events';
import type { Response } from '@google-cloud/functions-framework';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import type { RecordScope, RecordStore } from '../../shared/ports/record-store.ts';

export interface LiveList {
  records: Pick<RecordStore, 'watch'>;
  scope: RecordScope;
  /** Whether the person may read a record of the scope. */
  mayRead: (record: FileDownloadRecord) => boolean;
  /** Returns the record as the person may see it. */
  represent: (record: FileDownloadRecord) => unknown;
  /** Returns the list's first page in the API's format. */
  firstPage: () => Promise<unknown>;
  /** When the person's token expires; the stream ends then too. */
  expiresAt: Date;
}

/** How long a stream lasts. The client then reconnects, possibly to a newer instance and with changed rights. */
const LIFETIME_MS = 5 * 60_000;
/** Proxies and load balancers close a connection that has been silent for about a minute. */
const KEEP_ALIVE_MS = 15_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'private, no-store, no-transform',
  // nginx would hold back events until its buffer is full.
  'X-Accel-Buffering': 'no',
};

/**
 * Answers with Server-Sent Events: `snapshot` with the first page, then `record` for each record that changes or
 * appears. The page is read after the watch has begun, so no change is missed between the two. Throws if the stream
 * fails or ends before the first byte is sent. A later failure ends the stream, and the client reconnects.
 */
export async function streamLiveList(
  { records, scope, mayRead, represent, firstPage, expiresAt }: LiveList,
  response: Response,
  log: Logger,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  response.once('close', end);
  // The connection was closed while the request was being processed, so no `close` event will follow.
  if (response.destroyed) end();
  const left = Math.max(0, expiresAt.getTime() - Date.now());
  // The answer to a stream that has not begun by the end of its lifetime.
  const over =
    left < LIFETIME_MS ? new Problem('bad-token', { reason: 'ERR_JWT_EXPIRED' }) : new Problem('unavailable');
  const lifetime = setTimeout(() => ending.abort(over), Math.min(LIFETIME_MS, left));
  const keepAlive = setInterval(() => {
    // For a client that does not read, these would accumulate.
    if (response.headersSent && !response.writableNeedDrain) response.write(':\n\n');
  }, KEEP_ALIVE_MS);
  const send = async (event: string, data: unknown) => {
    // JSON contains no line feed, which would end the event.
    if (!response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) {
      await once(response, 'drain', { signal: ending.signal });
    }
  };
  try {
    for await (const changed of records.watch(scope, ending.signal)) {
      if (!response.headersSent) {
        const page = await firstPage();
        response.writeHead(200, HEADERS);
        await send('snapshot', page);
      }
      for (const record of changed.filter(mayRead)) await send('record', represent(record));
    }
    ending.signal.throwIfAborted();
  } catch (error) {
    if (!response.headersSent && !response.destroyed) throw ending.signal.reason ?? error;
    if (!ending.signal.aborted) log.warn({ err: error }, 'the live list ends');
  } finally {
    clearTimeout(lifetime);
    clearInterval(keepAlive);
    response.off('close', end);
    end();
    if (response.headersSent) response.end();
  }
}
