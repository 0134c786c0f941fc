import { once } from 'node:events';
import type { Response } from '@google-cloud/functions-framework';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import type { RecordScope, RecordStore } from '../../shared/ports/record-store.ts';

export interface LiveList {
  records: Pick<RecordStore, 'watch'>;
  scope: RecordScope;
  /** Whether the person may read that record of the scope. */
  mayRead: (record: FileDownloadRecord) => boolean;
  /** As the person may see it. */
  represent: (record: FileDownloadRecord) => unknown;
  /** The list's first page, as the API answers it. */
  firstPage: () => Promise<unknown>;
  /** When the person's token ends, and with it the stream. */
  expiresAt: Date;
}

/** Of a stream: then the client connects again, to an instance that may be newer, with rights that may be others. */
const LIFETIME_MS = 5 * 60_000;
/** Proxies and load balancers cut what is silent for a minute or so. */
const KEEP_ALIVE_MS = 15_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'private, no-store, no-transform',
  // nginx would hold events back until its buffer is full.
  'X-Accel-Buffering': 'no',
};

/**
 * Answers with Server-Sent Events: `snapshot` with the first page, then `record` for each record that changes or appears. The page is read once the watch has
 * begun, so nothing falls between them. What fails, or ends, before the first byte is thrown; what fails later ends the stream, and the client comes
 * again.
 */
export async function streamLiveList(
  { records, scope, mayRead, represent, firstPage, expiresAt }: LiveList,
  response: Response,
  log: Logger,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort();
  response.once('close', end);
  // Gone while the request was looked at: no more is heard of it.
  if (response.destroyed) end();
  const left = Math.max(0, expiresAt.getTime() - Date.now());
  // What a stream is told that has not begun by then.
  const over =
    left < LIFETIME_MS ? new Problem('bad-token', { reason: 'ERR_JWT_EXPIRED' }) : new Problem('unavailable');
  const lifetime = setTimeout(() => ending.abort(over), Math.min(LIFETIME_MS, left));
  const keepAlive = setInterval(() => {
    // A client that reads nothing would have them pile up.
    if (response.headersSent && !response.writableNeedDrain) response.write(':\n\n');
  }, KEEP_ALIVE_MS);
  const send = async (event: string, data: unknown) => {
    // JSON has no line feed, which would end the event.
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
