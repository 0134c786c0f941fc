import type { Scope, Status } from '../../../../shared/api-client/types.ts';
import type { Filter } from './downloads.ts';

/** Which downloads are listed, and how many: what the list's query string says. */
export interface ListSearch {
  scope: Scope;
  filter: Filter;
  count: number;
}

export const PAGE_SIZE = 20;

/** The most that the API gives at once. */
const MOST = 100;

/** What an address asks for, as far as there is such a thing. */
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

/** The query string of that list; the empty text for that which is shown first. */
export function listSearch({ scope, filter, count }: ListSearch): string {
  const search = new URLSearchParams({
    ...(scope === 'own' ? {} : { scope }),
    ...filter,
    ...(count > PAGE_SIZE ? { count: `${Math.min(MOST, count)}` } : {}),
  });
  return search.size > 0 ? `?${search}` : '';
}
