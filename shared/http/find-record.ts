import { validate } from 'uuid';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { isOwn, mayRead, type Person } from '../domain/rights.ts';
import type { RecordStore } from '../ports/record-store.ts';
import { Problem } from './problem.ts';

interface RecordAccess {
  records: Pick<RecordStore, 'get'>;
  reports: Catalogue;
}

/**
 * Returns the record if the person may read it; otherwise throws a 404 Problem, which does not reveal which ids exist.
 */
export async function readableRecord(
  access: RecordAccess,
  id: string | undefined,
  person: Person,
): Promise<FileDownloadRecord> {
  const record = await existingRecord(access, id);
  if (!isReadable(access, record, person)) throw new Problem('no-such-record');
  return record;
}

/**
 * Returns the record if it is the person's own, even if its report is no longer open to them, since the record may hold
 * their lock. Throws a 403 Problem for a person who may only read the record, and a 404 Problem for anyone else.
 */
export async function ownRecord(
  access: RecordAccess,
  id: string | undefined,
  person: Person,
): Promise<FileDownloadRecord> {
  const record = await existingRecord(access, id);
  if (isOwn(person, record)) return record;
  throw new Problem(isReadable(access, record, person) ? 'not-own' : 'no-such-record');
}

async function existingRecord({ records }: RecordAccess, id: string | undefined): Promise<FileDownloadRecord> {
  const record = id !== undefined && validate(id) ? await records.get(id) : undefined;
  if (!record) throw new Problem('no-such-record');
  return record;
}

function isReadable({ reports }: RecordAccess, record: FileDownloadRecord, person: Person): boolean {
  return mayRead(person, record, reports.get(record.report));
}
