import { lockOwner } from '../../shared/domain/record.ts';
import type { Person } from '../../shared/domain/rights.ts';
import { Problem } from '../../shared/http/problem.ts';

/** A person's windows, each with a live list; their rate limit alone would allow thousands at once. */
const PLACES = 10;
const RETRY_SECONDS = 5;

/** Gives each person so many places in this instance: `work` runs in one, or a 429 Problem is thrown. */
export function personalPlaces() {
  const taken = new Map<string, number>();
  return async (person: Person, work: () => Promise<void>): Promise<void> => {
    const owner = lockOwner(person);
    const before = taken.get(owner) ?? 0;
    if (before >= PLACES) throw new Problem('rate-limited', { retryAfterSeconds: RETRY_SECONDS });
    taken.set(owner, before + 1);
    try {
      await work();
    } finally {
      const left = (taken.get(owner) ?? 1) - 1;
      if (left === 0) taken.delete(owner);
      else taken.set(owner, left);
    }
  };
}
