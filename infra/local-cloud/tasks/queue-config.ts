import { fromMs, type ProtoTime, toMs } from '../proto-time.ts';
import { invalidArgument } from '../rpc-error.ts';

/** The fields of google.cloud.tasks.v2.Queue that this server reads, in their wire form. */
export interface QueueRequest {
  name: string;
  rateLimits: { maxDispatchesPerSecond: number; maxConcurrentDispatches: number } | null;
  retryConfig: {
    maxAttempts: number;
    maxRetryDuration: ProtoTime | null;
    minBackoff: ProtoTime | null;
    maxBackoff: ProtoTime | null;
    maxDoublings: number;
  } | null;
}

export type QueueConfig = ReturnType<typeof configureQueue>;
type RetryConfig = QueueConfig['retryConfig'];

const QUEUE_NAME = /^projects\/[^/]+\/locations\/[^/]+\/queues\/[A-Za-z0-9-]{1,100}$/;

/** Validates a request and fills in Cloud Tasks' defaults. Throws RpcError. */
export function configureQueue({ name, rateLimits, retryConfig }: QueueRequest, parent: string) {
  if (!QUEUE_NAME.test(name) || !name.startsWith(`${parent}/queues/`))
    throw invalidArgument(`Invalid queue name: ${name}`);
  const maxAttempts = retryConfig?.maxAttempts || 100;
  if (maxAttempts < -1) throw invalidArgument('max_attempts must be at least -1.');
  return {
    name,
    state: 'RUNNING',
    rateLimits: {
      maxDispatchesPerSecond: rateLimits?.maxDispatchesPerSecond || 500,
      maxBurstSize: 100,
      maxConcurrentDispatches: rateLimits?.maxConcurrentDispatches || 1000,
    },
    retryConfig: {
      maxAttempts,
      maxRetryDuration: retryConfig?.maxRetryDuration ?? fromMs(0),
      minBackoff: retryConfig?.minBackoff ?? fromMs(100),
      maxBackoff: retryConfig?.maxBackoff ?? fromMs(3_600_000),
      maxDoublings: retryConfig?.maxDoublings || 16,
    },
  };
}

/**
 * Whether a task is abandoned after `attempts` failures, `elapsedMs` after the start of the first attempt: when both
 * the attempts and the duration are used up. -1 attempts or a duration of 0 mean no limit; then the other alone
 * decides.
 */
export function isExhausted(
  { maxAttempts, maxRetryDuration }: RetryConfig,
  attempts: number,
  elapsedMs: number,
): boolean {
  const duration = toMs(maxRetryDuration);
  if (maxAttempts === -1 && duration === 0) return false;
  return (maxAttempts === -1 || attempts >= maxAttempts) && elapsedMs >= duration;
}

/**
 * The backoff after `attempts` failures: it doubles `maxDoublings` times, then grows by the last doubled interval, up
 * to `maxBackoff`. With 10 s, 300 s and 3: 10, 20, 40, 80, 160, 240, 300, 300.
 */
export function backoffMs({ minBackoff, maxBackoff, maxDoublings }: RetryConfig, attempts: number): number {
  const doublings = Math.min(attempts - 1, maxDoublings);
  const steps = attempts - doublings;
  return Math.min(toMs(minBackoff) * 2 ** doublings * steps, toMs(maxBackoff));
}
