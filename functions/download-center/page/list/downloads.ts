import type { DownloadPage, DownloadRecord, Status } from '../../../../shared/api-client/types.ts';

/** The part of the list that is loaded: newest first, without gaps, down to where `nextPageToken` continues. */
export interface Downloads {
  records: readonly DownloadRecord[];
  nextPageToken: string | undefined;
}

export interface Filter {
  status?: Status;
  report?: string;
}

const newestFirst = (a: DownloadRecord, b: DownloadRecord) => (a.id < b.id ? 1 : -1);

/**
 * Replaces the first page with its current content. Keeps older pages that were loaded before, unless unknown records
 * may lie in between.
 */
export function withSnapshot(known: Downloads | undefined, { downloads, nextPageToken }: DownloadPage): Downloads {
  const last = downloads.at(-1)?.id;
  const overlaps = known?.records.some(({ id }) => id === last);
  if (!known || !overlaps || last === undefined) return { records: downloads, nextPageToken };
  const older = known.records.filter(({ id }) => id < last);
  return { records: [...downloads, ...older], nextPageToken: older.length > 0 ? known.nextPageToken : nextPageToken };
}

export function withNextPage(known: Downloads, { downloads, nextPageToken }: DownloadPage): Downloads {
  const ids = new Set(downloads.map(({ id }) => id));
  const records = [...known.records.filter(({ id }) => !ids.has(id)), ...downloads].sort(newestFirst);
  return { records, nextPageToken };
}

/**
 * Applies a record that has changed or appeared. A record below the last page is not in the list yet, and a record that
 * the filter excludes no longer is.
 */
export function withRecord(known: Downloads, record: DownloadRecord, filter: Filter): Downloads {
  const others = known.records.filter(({ id }) => id !== record.id);
  const last = known.records.at(-1);
  const isBelow = known.nextPageToken !== undefined && last !== undefined && record.id < last.id;
  const records = matches(filter, record) && !isBelow ? [...others, record].sort(newestFirst) : others;
  return { ...known, records };
}

export function matches({ status, report }: Filter, record: DownloadRecord): boolean {
  return (status === undefined || record.status === status) && (report === undefined || record.report === report);
}
