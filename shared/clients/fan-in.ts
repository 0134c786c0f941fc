import { Redis } from 'ioredis';
import { redisFanIn } from '../adapters/redis-fan-in/redis-fan-in.ts';
import type { Logger } from '../logging/logger.ts';
import type { FanIn } from '../ports/fan-in.ts';
import { type RedisConfig, trusting } from './redis-trust.ts';

/** Ten heartbeats: a worker that misses them all is dead, or as good as. */
const LEASE_MS = 10_000;

export function openFanIn({ REDIS_URL, REDIS_CA }: RedisConfig, log: Logger): FanIn {
  const redis = new Redis(REDIS_URL, {
    ...trusting(REDIS_CA),
    maxRetriesPerRequest: 3,
    enableAutoPipelining: true,
    // A server that has fallen silent would be waited for without end.
    commandTimeout: 5000,
  });
  redis.on('error', (error) => log.warn({ err: error }, 'Redis connection'));
  return redisFanIn(redis, { leaseMs: LEASE_MS });
}
