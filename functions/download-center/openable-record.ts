import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { Report } from '../../shared/catalogue/define-report.ts';
import type { FileDownloadRecord, ReportFile } from '../../shared/domain/record.ts';
import { mayOpen, type Person, type TableRestrictions } from '../../shared/domain/rights.ts';
import { readableRecord } from '../../shared/http/find-record.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';

export interface Openable {
  record: FileDownloadRecord;
  file: ReportFile;
  report: Report;
}

interface Shelves {
  records: Pick<RecordStore, 'get'>;
  reports: Catalogue;
  tables: TableRestrictions;
  clock: () => Date;
}

/**
 * Returns the record with its file if the person's current rights permit opening it. Otherwise throws a Problem (404,
 * 409 or 403).
 */
export async function openableRecord(access: Shelves, id: string | undefined, person: Person): Promise<Openable> {
  const record = await readableRecord(access, id, person);
  const expired = record.expiresAt !== undefined && record.expiresAt <= access.clock();
  const { status, file } = record;
  if (status !== 'COMPLETED' || !file || expired) {
    throw new Problem('no-file', { recordStatus: expired ? 'EXPIRED' : status });
  }
  const report = access.reports.get(record.report);
  if (!report || !mayOpen(person, record, access.tables)) throw new Problem('rights-changed');
  return { record, file, report };
}
