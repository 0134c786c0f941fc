import { Redis } from 'ioredis';
import { redisRateLimiter } from '../adapters/redis-rate-limiter.ts';
import type { RateLimits } from '../http/admit-person.ts';
import type { Logger } from '../logging/logger.ts';

interface Config {
  REDIS_URL: string;
  REQUESTS_PER_MINUTE: number;
  ORDERS_PER_MINUTE: number;
}

export function openRateLimits(config: Config, log: Logger): RateLimits {
  const redis = new Redis(config.REDIS_URL, {
    // Nobody waits for a count: without Redis each instance counts for itself.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
  });
  redis.on('error', (error) => log.warn({ err: error }, 'Redis connection'));
  return {
    requests: redisRateLimiter(redis, { name: 'requests', limit: config.REQUESTS_PER_MINUTE }),
    orders: redisRateLimiter(redis, { name: 'orders', limit: config.ORDERS_PER_MINUTE }),
  };
}
