import { publicConditions } from '../catalogue/condition.ts';
import type { Report } from '../catalogue/define-report.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { type RecordRepresentation, representRecord } from './representation.ts';

/**
 * Returns the record as people other than the requester may see it. If conditions are withheld, so is the key derived
 * from them, because trying likely values would reveal them. If anything that the report reads is sensitive, the
 * messages of databases are withheld too, because they quote the values that cause an error.
 */
export function publicRecord(record: FileDownloadRecord, report: Report | undefined): RecordRepresentation {
  // In another version, the sensitive parts may have had other names.
  const known = report?.version === record.definitionVersion ? report : undefined;
  const conditions = publicConditions(known, record.conditions);
  const shown = { ...representRecord(record), conditions };
  const { conditionsKey, failure, ...rest } = shown;
  const isWhole = Object.keys(conditions).length === Object.keys(record.conditions as object).length;
  const mayQuote = isWhole && known !== undefined && Object.keys(known.clearFor).length === 0;
  return {
    ...rest,
    ...(isWhole ? { conditionsKey } : { conditionsWithheld: true as const }),
    ...(failure ? { failure: mayQuote ? failure : wordless(failure) } : {}),
  };
}

type Failure = NonNullable<RecordRepresentation['failure']>;

function wordless({ code, sources }: Failure): Failure {
  return { code, ...(sources ? { sources: sources.map(({ source, table }) => ({ source, table })) } : {}) };
}
