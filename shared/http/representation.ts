import type { z } from 'zod';
import type { DownloadRecord } from '../api/schemas.ts';
import type { FileDownloadRecord } from '../domain/record.ts';

export type RecordRepresentation = z.output<typeof DownloadRecord>;

/**
 * Returns the record as the API shows it, without the fields that only internal processing needs. Instants are ISO 8601
 * in UTC.
 */
export function representRecord(record: FileDownloadRecord): RecordRepresentation {
  const {
    token,
    sweepAt,
    leftovers,
    deadline,
    unannounced,
    file,
    history,
    createdAt,
    completedAt,
    expiresAt,
    ...shown
  } = record;
  return {
    ...shown,
    masked: [...shown.masked],
    history: history.map(({ status, at }) => ({ status, at: at.toISOString() })),
    createdAt: createdAt.toISOString(),
    ...(completedAt ? { completedAt: completedAt.toISOString() } : {}),
    ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    sources: Object.fromEntries(
      Object.entries(shown.sources).map(([name, { dataAsOf, ...progress }]) => [
        name,
        { ...progress, ...(dataAsOf ? { dataAsOf: dataAsOf.toISOString() } : {}) },
      ]),
    ),
    ...file,
  };
}
