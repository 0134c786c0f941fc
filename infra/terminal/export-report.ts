import { Readable } from 'node:stream';
import { parse } from 'fast-csv';
import { crc32cOf } from '../../shared/adapters/cloud-storage/crc32c.ts';
import type { DownloadCenterClient } from '../../shared/api-client/client.ts';
import type { DownloadRequest } from '../../shared/api-client/types.ts';
import { watchRecord } from './watch-record.ts';

export interface Exported {
  report: string;
  id: string;
  status: string;
  rows: number;
  bytes: number;
  crc32c: string;
  /** From the request to the last status. */
  seconds: number;
  fileAddress: string;
  url: string;
  statuses: string[];
  history: { status: string; at: string }[];
  firstLines: string[];
  /** Differences between the downloaded file and the record. */
  faults: string[];
}

const SHOWN_LINES = 5;

/** Requests a report, waits for its end, downloads its file by the signed URL, and verifies it against the record. */
export async function exportReport(
  client: DownloadCenterClient,
  order: DownloadRequest,
  options: { quiet: boolean; signal: AbortSignal },
): Promise<Exported> {
  const {
    id,
    report,
    status,
    history,
    failure,
    rows = 0,
    bytes = 0,
    crc32c = '',
    fileAddress = '',
  } = await watchRecord(client, await client.create(order), options);
  const statuses = history.map((step) => step.status);
  const seconds = (Date.parse(history.at(-1)?.at ?? '') - Date.parse(history[0]?.at ?? '')) / 1000;
  const result = { report, id, status, rows, bytes, crc32c, seconds, fileAddress, statuses, history };
  if (status !== 'COMPLETED') return { ...result, url: '', firstLines: [], faults: [failure?.message ?? status] };

  const { url } = await client.file(id);
  const response = await fetch(url, { signal: options.signal });
  const content = Buffer.from(await response.arrayBuffer());
  const found = { rows: (await countRows(content)) - 1, bytes: content.length, crc32c: crc32cOf(content) };
  const faults = (['rows', 'bytes', 'crc32c'] as const)
    .filter((figure) => found[figure] !== result[figure])
    .map((figure) => `${figure} of the file: ${found[figure]}, of the record: ${result[figure]}`);
  const firstLines = content
    .toString('utf8', 0, 64 * 1024)
    .split('\n')
    .slice(0, SHOWN_LINES);
  return { ...result, url, firstLines, faults };
}

/** Includes the header. */
async function countRows(content: Buffer): Promise<number> {
  let rows = 0;
  for await (const _row of Readable.from([content]).pipe(parse())) rows++;
  return rows;
}
