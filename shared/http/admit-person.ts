import type { Operation } from '../api/operations.ts';
import { lockOwner } from '../domain/record.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Admit } from './operation-route.ts';
import { Problem } from './problem.ts';
import type { Authenticate } from './session.ts';

/** Requests of any kind, and those that ask for a report besides. */
export interface RateLimits {
  requests: RateLimiter;
  orders: RateLimiter;
}

/**
 * Lets people in who are known and have not asked too often. Answers carry what is left of their allowance
 * (draft-ietf-httpapi-ratelimit-headers); whoever is refused is told when to come again.
 */
export function admitPerson(authenticate: Authenticate, limits: RateLimits): Admit {
  return async (operation, { request, response }) => {
    const person = await authenticate(request);
    const policy = policyOf(operation);
    const { allowed, limit, windowSeconds, remaining, resetSeconds } = await limits[policy].take(lockOwner(person));
    response.set({
      'RateLimit-Policy': `"${policy}";q=${limit};w=${windowSeconds}`,
      RateLimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
    });
    if (allowed) return person;
    response.set('Retry-After', `${resetSeconds}`);
    throw new Problem('rate-limited', { retryAfterSeconds: resetSeconds });
  };
}

const policyOf = ({ isOrder }: Operation): keyof RateLimits => (isOrder ? 'orders' : 'requests');
