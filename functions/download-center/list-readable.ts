import type { z } from 'zod';
import type { ListQuery } from '../../shared/api/schemas.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { mayRead, type Person, type Scope, scopesOf } from '../../shared/domain/rights.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { RecordScope, RecordStore } from '../../shared/ports/record-store.ts';

/**
 * Maximum number of reads for one page, and how many records each read after the first asks for. Records of reports
 * that are closed to the person are left out, and there may be many.
 */
const MOST_READS = 10;
const FURTHER_READ = 100;

/**
 * Returns one page of those records of a scope that the person may read, newest first. The page may be short, even
 * empty, without being the last: if many records are closed to the person, the next page token marks how far the search
 * has come. Throws a 403 Problem for a scope that the person does not have.
 */
export async function listReadable(
  { records, reports }: { records: Pick<RecordStore, 'list'>; reports: Catalogue },
  caller: Person,
  { scope, status, report, pageSize, pageToken }: z.output<typeof ListQuery>,
): Promise<{ records: FileDownloadRecord[]; nextPageToken?: string }> {
  const filter = { ...withinScope(caller, scope), ...(status ? { status } : {}), ...(report ? { report } : {}) };
  const page: FileDownloadRecord[] = [];
  let before = pageToken;
  // One record more shows whether there is a next page.
  let limit = pageSize + 1;
  for (let reads = 0; reads < MOST_READS && page.length <= pageSize; reads++) {
    const found = await records.list({ ...filter, limit, ...(before ? { before } : {}) });
    page.push(...found.filter((record) => mayRead(caller, record, reports.get(record.report))));
    before = found.length < limit ? undefined : found.at(-1)?.id;
    if (before === undefined) break;
    limit = Math.max(limit, FURTHER_READ);
  }
  const last = page.length > pageSize ? page[pageSize - 1]?.id : before;
  return { records: page.slice(0, pageSize), ...(last ? { nextPageToken: last } : {}) };
}

/**
 * Returns the filter that limits a query to the scope. Throws a 403 Problem for a scope that the person does not have.
 */
export function withinScope(caller: Person, scope: Scope): RecordScope {
  if (!scopesOf(caller).includes(scope)) throw new Problem('scope-not-permitted');
  const { source, adminId, departmentId } = caller;
  return { source, ...(scope === 'own' ? { adminId } : scope === 'department' ? { departmentId } : {}) };
}
