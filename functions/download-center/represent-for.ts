import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { isOwn, mayOpen, type Person, type TableRestrictions } from '../../shared/domain/rights.ts';
import { publicRecord } from '../../shared/http/public-record.ts';
import { type RecordRepresentation, representRecord } from '../../shared/http/representation.ts';

/**
 * Returns the record as this person may see it: complete if it is their own, and with whether they may open its file.
 */
export function representFor(
  person: Person,
  record: FileDownloadRecord,
  { reports, tables }: { reports: Catalogue; tables: TableRestrictions },
): RecordRepresentation {
  const report = reports.get(record.report);
  const shown = isOwn(person, record) ? representRecord(record) : publicRecord(record, report);
  return record.status === 'COMPLETED'
    ? { ...shown, openable: report !== undefined && mayOpen(person, record, tables) }
    : shown;
}
