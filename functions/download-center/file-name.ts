import type { Report } from '../../shared/catalogue/define-report.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';

/** What the file is saved as: the report's title in the record's language and the minute it was asked for (UTC). A report that is gone leaves its id. */
export function fileNameOf(record: FileDownloadRecord, report: Report | undefined): string {
  const title = report?.title[record.locale] ?? record.report;
  const minute = record.createdAt.toISOString().slice(0, 16).replace(':', '').replace('T', '-');
  return `${title}-${minute}.csv`;
}
