import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { DONE_COUNT_FIELD, errorField, fanInKey, keysField, resultField } from '../../domain/names.ts';
import type { SourceResult } from '../../domain/source-result.ts';
import type { FanIn, Lease } from '../../ports/fan-in.ts';

/** Renewed by every write, so it outlives the longest silence between two steps of a record. */
const HASH_TTL_MS = 10 * 60_000;

const script = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const RECORD_RESULT = script('record-result.lua');
const RENEW_LEASE = script('renew-lease.lua');
const RELEASE_LEASE = script('release-lease.lua');

/** `leaseMs` is how long a dead worker's work stays untouched; a living one renews several times in that span. */
export function redisFanIn(redis: Redis, { leaseMs }: { leaseMs: number }): FanIn {
  const setField = async (recordId: string, field: string, value: string) => {
    const key = fanInKey(recordId);
    await redis.multi().hset(key, field, value).pexpire(key, HASH_TTL_MS).exec();
  };

  return {
    async recordResult(recordId, { table, name }, result, needed) {
      const [counted, queryDoneCount] = (await redis.eval(
        RECORD_RESULT,
        1,
        fanInKey(recordId),
        resultField(table, name),
        JSON.stringify(result),
        errorField(table, name),
        DONE_COUNT_FIELD,
        HASH_TTL_MS,
      )) as [number, number];
      return { counted: counted === 1, queryDoneCount, complete: queryDoneCount >= needed };
    },

    recordError: (recordId, { table, name }, error) => setField(recordId, errorField(table, name), error),

    recordKeys: (recordId, source, keys) => setField(recordId, keysField(source), JSON.stringify(keys)),

    async keys(recordId, source) {
      const text = await redis.hget(fanInKey(recordId), keysField(source));
      return text === null ? undefined : (JSON.parse(text) as SourceResult);
    },

    async read(recordId) {
      const fields = Object.entries(await redis.hgetall(fanInKey(recordId)));
      const errors = fields.filter(([field]) => field.startsWith('error.'));
      const results = fields.filter(([field]) => !/^(error|keys)\./.test(field) && field !== DONE_COUNT_FIELD);
      return {
        queryDoneCount: Number(fields.find(([field]) => field === DONE_COUNT_FIELD)?.[1] ?? 0),
        results: new Map(results.map(([field, text]) => [field, JSON.parse(text) as SourceResult])),
        errors: new Map(errors),
      };
    },

    async acquireLease(key) {
      const holder = randomUUID();
      const taken = await redis.set(key, holder, 'PX', leaseMs, 'NX');
      return taken === 'OK' ? leaseOf(key, holder) : undefined;
    },

    isLeased: async (key) => (await redis.exists(key)) === 1,
  };

  function leaseOf(key: string, holder: string): Lease {
    return {
      renew: async () => (await redis.eval(RENEW_LEASE, 1, key, holder, leaseMs)) === 1,
      release: async () => {
        await redis.eval(RELEASE_LEASE, 1, key, holder);
      },
    };
  }
}
