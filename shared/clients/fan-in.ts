import { Redis } from 'ioredis';
import { redisFanIn } from '../adapters/redis-fan-in/redis-fan-in.ts';
import type { Logger } from '../logging/logger.ts';
import type { FanIn } from '../ports/fan-in.ts';
import { type RedisConfig, trusting } from './redis-trust.ts';

/** Ten heartbeats: a worker that misses all of them is considered dead. */
const LEASE_MS = 10_000;

export function openFanIn({ REDIS_URL, REDIS_CA }: RedisConfig, log: Logger): FanIn {
  const redis = new Redis(REDIS_URL, {
    ...trusting(REDIS_CA),
    maxRetriesPerRequest: 3,
    enableAutoPipelining: true,
    // Without a timeout, a command to an unresponsive server would wait forever.
    commandTimeout: 5000,
    // After a failover, the old connection can remain open and silent. A new one is opened soon enough for the command
    // to be repeated on it.
    socketTimeout: 2000,
  });
  redis.on('error', (error) => log.warn({ err: error }, 'Redis connection'));
  return redisFanIn(redis, { leaseMs: LEASE_MS });
}
