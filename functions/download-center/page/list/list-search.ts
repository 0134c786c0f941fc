import type { Scope, Status } from '../../../../shared/api-client/types.ts';
import type { Filter } from './downloads.ts';

/** Which downloads are listed, and how many: the content of the list's query string. */
export interface ListSearch {
  scope: Scope;
  filter: Filter;
  count: number;
}

export const PAGE_SIZE = 20;

/** Maximum page size of the API. */
const MOST = 100;

/** Parses the list's query string. Values that do not exist are ignored. */
export function parseListSearch(
  search: string,
  { scopes, statuses }: { scopes: readonly Scope[]; statuses: readonly Status[] },
): ListSearch {
  const given = new URLSearchParams(search);
  const status = statuses.find((one) => one === given.get('status'));
  const report = given.get('report');
  const count = Number.parseInt(given.get('count') ?? '', 10) || 0;
  return {
    scope: scopes.find((one) => one === given.get('scope')) ?? 'own',
    filter: { ...(status ? { status } : {}), ...(report ? { report } : {}) },
    count: Math.min(MOST, Math.max(PAGE_SIZE, count)),
  };
}

/** Returns the list's query string, which is empty for the list that is shown first. */
export function listSearch({ scope, filter, count }: ListSearch): string {
  const search = new URLSearchParams({
    ...(scope === 'own' ? {} : { scope }),
    ...filter,
    ...(count > PAGE_SIZE ? { count: `${Math.min(MOST, count)}` } : {}),
  });
  return search.size > 0 ? `?${search}` : '';
}
