import { publicConditions } from '../catalogue/condition.ts';
import type { Report } from '../catalogue/define-report.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { type RecordRepresentation, representRecord } from './representation.ts';

/**
 * The record as others than the asker may see it. Where conditions are withheld, so is what could give their values away: the key that is made from them,
 * which a list of likely values would open, and texts of databases, which quote what they stumble over.
 */
export function publicRecord(record: FileDownloadRecord, report: Report | undefined): RecordRepresentation {
  // Of another version, what is sensitive may have had another name.
  const known = report?.version === record.definitionVersion ? report : undefined;
  const conditions = publicConditions(known, record.conditions);
  const shown = { ...representRecord(record), conditions };
  if (Object.keys(conditions).length === Object.keys(record.conditions as object).length) return shown;
  const { conditionsKey, failure, ...rest } = shown;
  if (!failure) return rest;
  const { code, sources } = failure;
  return { ...rest, failure: { code, ...(sources ? { sources: sources.map(nameOnly) } : {}) } };
}

const nameOnly = ({ source, table }: { source: string; table: string }) => ({ source, table });
