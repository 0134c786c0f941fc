import { validate } from 'uuid';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { isOwn, mayRead, type Person } from '../domain/rights.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { Problem } from './problem.ts';

interface Shelves {
  records: Pick<RecordStore, 'get'>;
  reports: Catalogue;
}

/** The record, if the person may read it; a 404 Problem for any other, so that nobody learns which ids exist. */
export async function readableRecord(
  { records, reports }: Shelves,
  id: string | undefined,
  person: Person,
): Promise<FileDownloadRecord> {
  const record = id !== undefined && validate(id) ? await records.get(id) : undefined;
  if (!record || !mayRead(person, record, reports.get(record.report))) throw new Problem('no-such-record');
  return record;
}

/** The record, if it is the person's own; whoever may only read it gets a 403 Problem. */
export async function ownRecord(shelves: Shelves, id: string | undefined, person: Person): Promise<FileDownloadRecord> {
  const record = await readableRecord(shelves, id, person);
  if (!isOwn(person, record)) throw new Problem('not-own');
  return record;
}
