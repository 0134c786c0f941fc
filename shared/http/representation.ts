import type { FileDownloadRecord } from '../domain/record.ts';

/** The record as the API shows it: everything but what only the machinery needs. Instants are ISO 8601 in UTC. */
export function representRecord(record: FileDownloadRecord) {
  const { token, sweepAt, leftovers, deadline, file, ...shown } = record;
  return { ...shown, ...file };
}
