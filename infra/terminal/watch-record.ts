import { setTimeout as delay } from 'node:timers/promises';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { DownloadCenterClient } from '../../shared/api-client/client.ts';
import { type DownloadRecord, isFinished } from '../../shared/api-client/types.ts';

const POLL_MS = 200;

/**
 * Polls a record until it is terminal, and shows its progress on stderr: a bar per source at a terminal, a line per
 * change elsewhere, nothing if `quiet`.
 */
export async function watchRecord(
  client: DownloadCenterClient,
  first: DownloadRecord,
  { quiet, signal }: { quiet: boolean; signal: AbortSignal },
): Promise<DownloadRecord> {
  const view = quiet ? { show: () => {}, end: () => {} } : process.stderr.isTTY ? bars() : lines();
  try {
    for (let record = first; ; record = await client.get(first.id)) {
      view.show(record);
      if (isFinished(record)) return record;
      await delay(POLL_MS, undefined, { signal });
    }
  } finally {
    view.end();
  }
}

/** Until a source is done, the database's estimate is its total. */
function bars() {
  const multi = new MultiBar({
    format: '  {source} {bar} {value} rows  {state}',
    hideCursor: true,
    stream: process.stderr,
  });
  const shown = new Map<string, SingleBar>();
  return {
    show({ sources }: DownloadRecord) {
      const width = Math.max(...Object.keys(sources).map((name) => name.length));
      for (const [name, { rows, expectedRows = 0, status }] of Object.entries(sources)) {
        const payload = { source: name.padEnd(width), state: status };
        const bar = shown.get(name) ?? multi.create(1, 0, payload);
        shown.set(name, bar);
        bar.setTotal(status === 'DONE' ? Math.max(rows, 1) : Math.max(expectedRows, rows + 1));
        bar.update(rows, payload);
      }
    },
    end: () => multi.stop(),
  };
}

function lines() {
  let last = '';
  return {
    show({ status, sources }: DownloadRecord) {
      const progress = Object.entries(sources).map(([name, { rows }]) => `${name} ${rows} rows`);
      const line = `${status}: ${progress.join(', ')}`;
      if (line !== last) process.stderr.write(`${line}\n`);
      last = line;
    },
    end: () => {},
  };
}
