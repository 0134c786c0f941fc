import type { Report } from '../../shared/catalogue/define-report.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import type { FileNames } from '../../shared/ports/object-store.ts';

/**
 * Returns the names under which browsers save the file: the report's title in the record's language, and the minute of
 * the request (UTC). The plain name contains the report's id instead of the title.
 */
export function fileNamesOf(record: FileDownloadRecord, report: Report): FileNames {
  const minute = record.createdAt.toISOString().slice(0, 16).replace(':', '').replace('T', '-');
  return { fileName: `${report.title[record.locale]}-${minute}.csv`, plainName: `${record.report}-${minute}.csv` };
}
