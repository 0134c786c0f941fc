import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiter } from '../ports/rate-limiter.ts';

const WINDOW_SECONDS = 60;

/** Returns a rate limiter that allows each key `limit` units per minute, counted in Redis under `name`. */
export function redisRateLimiter(redis: Redis, { name, limit }: { name: string; limit: number }): RateLimiter {
  const window = { points: limit, duration: WINDOW_SECONDS };
  const limiter = new RateLimiterRedis({
    ...window,
    storeClient: redis,
    keyPrefix: `rate-${name}`,
    insuranceLimiter: new RateLimiterMemory(window),
  });
  const allowance = ({ remainingPoints, msBeforeNext }: RateLimiterRes, allowed: boolean) => ({
    allowed,
    limit,
    windowSeconds: WINDOW_SECONDS,
    remaining: remainingPoints,
    resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  });
  return {
    async take(key) {
      try {
        return allowance(await limiter.consume(key), true);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return allowance(refusal, false);
      }
    },
  };
}
