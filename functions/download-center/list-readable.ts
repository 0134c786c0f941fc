import type { z } from 'zod';
import type { ListQuery } from '../../shared/api/schemas.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { mayRead, type Person, type Scope, scopesOf } from '../../shared/domain/rights.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { RecordScope, RecordStore } from '../../shared/ports/record-store.ts';

/** One page of the records of a scope that the person may read, newest first. A 403 Problem for a scope that is not theirs. */
export async function listReadable(
  { records, reports }: { records: RecordStore; reports: Catalogue },
  caller: Person,
  { scope, status, report, pageSize, pageToken }: z.output<typeof ListQuery>,
): Promise<{ records: FileDownloadRecord[]; nextPageToken?: string }> {
  const filter = { ...withinScope(caller, scope), ...(status ? { status } : {}), ...(report ? { report } : {}) };
  const page: FileDownloadRecord[] = [];
  // One more tells whether there is a next page. Those of reports that are not open to the person are left out, so that several reads may be needed.
  const limit = pageSize + 1;
  for (let before = pageToken; page.length < limit; ) {
    const found = await records.list({ ...filter, limit, ...(before ? { before } : {}) });
    page.push(...found.filter((record) => mayRead(caller, record, reports.get(record.report))));
    before = found.at(-1)?.id;
    if (found.length < limit) break;
  }
  const last = page.length > pageSize ? page[pageSize - 1]?.id : undefined;
  return { records: page.slice(0, pageSize), ...(last ? { nextPageToken: last } : {}) };
}

/** What limits a query to the scope. */
export function withinScope(caller: Person, scope: Scope): RecordScope {
  if (!scopesOf(caller).includes(scope)) throw new Problem('scope-not-permitted');
  const { source, adminId, departmentId } = caller;
  return { source, ...(scope === 'own' ? { adminId } : scope === 'department' ? { departmentId } : {}) };
}
