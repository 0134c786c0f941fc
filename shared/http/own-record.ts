import { validate } from 'uuid';
import type { FileDownloadRecord } from '../domain/record.ts';
import { lockOwner } from '../domain/record.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { Caller } from './authenticate.ts';
import { Problem } from './problem.ts';

/** The caller's own record; a 404 Problem for any other, so that nobody learns which ids exist. */
export async function ownRecord(
  records: RecordStore,
  id: string | undefined,
  caller: Caller,
): Promise<FileDownloadRecord> {
  const record = id !== undefined && validate(id) ? await records.get(id) : undefined;
  if (!record || lockOwner(record) !== lockOwner(caller))
    throw new Problem(404, 'no-such-record', 'there is no such record');
  return record;
}
