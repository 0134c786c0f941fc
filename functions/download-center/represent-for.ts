import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { isOwn, type Person } from '../../shared/domain/rights.ts';
import { publicRecord } from '../../shared/http/public-record.ts';
import { type RecordRepresentation, representRecord } from '../../shared/http/representation.ts';

/** The record as this person may see it: whole if it is their own. */
export function representFor(person: Person, record: FileDownloadRecord, reports: Catalogue): RecordRepresentation {
  return isOwn(person, record) ? representRecord(record) : publicRecord(record, reports.get(record.report));
}
