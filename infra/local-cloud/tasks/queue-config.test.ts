import { describe, expect, it } from '@jest/globals';
import { fromMs } from '../proto-time.ts';
import { backoffMs, configureQueue, isExhausted } from './queue-config.ts';

const PARENT = 'projects/local/locations/here';
const seconds = (count: number) => fromMs(count * 1000);

describe("a queue's retry rules", () => {
  const retryConfig = (asked: object) => {
    const unset = { maxAttempts: 0, maxRetryDuration: null, minBackoff: null, maxBackoff: null, maxDoublings: 0 };
    const queue = { name: `${PARENT}/queues/q`, rateLimits: null, retryConfig: { ...unset, ...asked } };
    return configureQueue(queue, PARENT).retryConfig;
  };

  it('double the backoff, then let it grow by the last interval, up to the maximum', () => {
    const config = retryConfig({ minBackoff: seconds(10), maxBackoff: seconds(300), maxDoublings: 3 });
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => backoffMs(config, attempts) / 1000);
    expect(waits).toEqual([10, 20, 40, 80, 160, 240, 300, 300]);
  });

  it.each<[maxAttempts: number, maxSeconds: number, attempts: number, elapsedSeconds: number, exhausted: boolean]>([
    [3, 0, 2, 1e6, false],
    [3, 0, 3, 0, true],
    [3, 60, 3, 59, false],
    [3, 60, 2, 61, false],
    [3, 60, 3, 60, true],
    [-1, 60, 1000, 59, false],
    [-1, 60, 1, 60, true],
    [-1, 0, 1e6, 1e6, false],
  ])(
    'with %i attempts and %i s: %i attempts in %i s exhaust them: %s',
    (maxAttempts, max, attempts, elapsed, exhausted) => {
      const config = retryConfig({ maxAttempts, maxRetryDuration: seconds(max) });
      expect(isExhausted(config, attempts, elapsed * 1000)).toBe(exhausted);
    },
  );
});
