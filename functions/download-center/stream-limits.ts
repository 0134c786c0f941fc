import { lockOwner } from '../../shared/domain/record.ts';
import type { Person } from '../../shared/domain/rights.ts';
import { Problem } from '../../shared/http/problem.ts';

/**
 * Maximum number of live lists per person and instance, one for each of the person's windows. The rate limit alone
 * would allow thousands.
 */
const PLACES = 10;
const RETRY_SECONDS = 5;

/** Limits how many streams each person has open on this instance: runs `work`, or throws a 429 Problem. */
export function limitStreamsPerPerson() {
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
