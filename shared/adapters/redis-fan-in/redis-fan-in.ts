import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { FAN_IN_KEPT_MS } from '../../domain/cost.ts';
import { DONE_COUNT_FIELD, errorField, fanInKey, keysField, parseFanInField, resultField } from '../../domain/names.ts';
import type { FanIn, FanInState, Lease } from '../../ports/fan-in.ts';

const script = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const RECORD_KEYS = script('record-keys.lua');
const RECORD_RESULT = script('record-result.lua');
const RENEW_LEASE = script('renew-lease.lua');
const RELEASE_LEASE = script('release-lease.lua');

/** `record-result.lua` returns this instead of `counted` if the source now has other keys or none. */
const OTHER_KEYS = -1;

/**
 * Returns a fan-in on Redis. `leaseMs` is how long a dead worker's work stays reserved; a live worker renews its lease
 * several times within that period.
 */
export function redisFanIn(redis: Redis, { leaseMs }: { leaseMs: number }): FanIn {
  return {
    async recordResult(recordId, { table, name, keysFrom = '' }, result) {
      const [counted, queryDoneCount] = (await redis.eval(
        RECORD_RESULT,
        1,
        fanInKey(recordId),
        resultField(table, name),
        JSON.stringify(result),
        errorField(name),
        DONE_COUNT_FIELD,
        FAN_IN_KEPT_MS,
        keysField(name),
        keysFrom,
      )) as [number, number];
      return counted === OTHER_KEYS ? undefined : { counted: counted === 1, queryDoneCount };
    },

    async recordError(recordId, source, error) {
      const key = fanInKey(recordId);
      await redis.multi().hset(key, errorField(source), error).pexpire(key, FAN_IN_KEPT_MS).exec();
    },

    async recordKeys(recordId, { table, name }, keys) {
      await redis.eval(
        RECORD_KEYS,
        1,
        fanInKey(recordId),
        keysField(name),
        JSON.stringify(keys),
        resultField(table, name),
        DONE_COUNT_FIELD,
        FAN_IN_KEPT_MS,
      );
    },

    async read(recordId) {
      const fields = await redis.hgetall(fanInKey(recordId));
      const state: FanInState = {
        queryDoneCount: Number(fields[DONE_COUNT_FIELD] ?? 0),
        results: new Map(),
        keys: new Map(),
        errors: new Map(),
      };
      for (const [field, text] of Object.entries(fields)) {
        const { kind, source = '' } = parseFanInField(field) ?? {};
        if (kind === 'error') state.errors.set(source, text);
        else if (kind === 'keys') state.keys.set(source, JSON.parse(text));
        else if (kind === 'result') state.results.set(source, JSON.parse(text));
      }
      return state;
    },

    async keepAlive(recordId) {
      await redis.pexpire(fanInKey(recordId), FAN_IN_KEPT_MS);
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
