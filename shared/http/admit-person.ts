import type { Operation } from '../api/operations.ts';
import { lockOwner } from '../domain/record.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Guard } from './operation-route.ts';
import { Problem } from './problem.ts';
import type { Authenticate } from './session.ts';

/** The allowances: `orders` for requests that order a report, `requests` for all others. */
export interface RateLimits {
  requests: RateLimiter;
  orders: RateLimiter;
}

/**
 * Admits authenticated people within their allowance. Answers carry the remaining allowance
 * (draft-ietf-httpapi-ratelimit-headers); a refusal says when to retry.
 */
export function authenticateAndLimit(authenticate: Authenticate, limits: RateLimits): Guard {
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
