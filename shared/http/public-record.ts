import { publicConditions } from '../catalogue/condition.ts';
import type { Report } from '../catalogue/define-report.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { type RecordRepresentation, representRecord } from './representation.ts';

/**
 * The record as others than the asker may see it. Where conditions are withheld, so is the key that is made from them, which a list of likely values would open; and
 * where anything that the report reads is sensitive, so are the texts of databases, which quote what they stumble over.
 */
export function publicRecord(record: FileDownloadRecord, report: Report | undefined): RecordRepresentation {
  // Of another version, what is sensitive may have had another name.
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
