import type { Report } from '../../shared/catalogue/define-report.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import type { FileNames } from '../../shared/ports/object-store.ts';

/**
 * What the file is saved as: the report's title in the record's language and the minute it was asked for (UTC). The plain name has the report's id for a title.
 */
export function fileNamesOf(record: FileDownloadRecord, report: Report): FileNames {
  const minute = record.createdAt.toISOString().slice(0, 16).replace(':', '').replace('T', '-');
  return { fileName: `${report.title[record.locale]}-${minute}.csv`, plainName: `${record.report}-${minute}.csv` };
}
