import { Redis } from 'ioredis';
import { redisRateLimiter } from '../adapters/redis-rate-limiter.ts';
import type { RateLimits } from '../http/admit-person.ts';
import type { Logger } from '../logging/logger.ts';
import { type RedisConfig, trusting } from './redis-trust.ts';

interface Config extends RedisConfig {
  REQUESTS_PER_MINUTE: number;
  ORDERS_PER_MINUTE: number;
}

export function openRateLimits(config: Config, log: Logger): RateLimits {
  const redis = new Redis(config.REDIS_URL, {
    ...trusting(config.REDIS_CA),
    // Requests do not wait for the shared counter: without Redis, each instance counts on its own.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 500,
    // A silent connection is replaced: see fan-in.ts.
    socketTimeout: 2000,
  });
  redis.on('error', (error) => log.warn({ err: error }, 'Redis connection'));
  return {
    requests: redisRateLimiter(redis, { name: 'requests', limit: config.REQUESTS_PER_MINUTE }),
    orders: redisRateLimiter(redis, { name: 'orders', limit: config.ORDERS_PER_MINUTE }),
  };
}
