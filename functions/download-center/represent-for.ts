import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { publicConditions } from '../../shared/catalogue/condition.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { isOwn, type Person } from '../../shared/domain/rights.ts';
import { representRecord } from '../../shared/http/representation.ts';

/** The record as this person may see it: of others' records without the conditions about sensitive columns. */
export function representFor(person: Person, record: FileDownloadRecord, reports: Catalogue) {
  const shown = representRecord(record);
  if (isOwn(person, record)) return shown;
  return { ...shown, conditions: publicConditions(reports.get(record.report), record.conditions) };
}
