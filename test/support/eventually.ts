import { eventually as poll } from './test-cloud.ts';

/** Polls, without haste, until `probe` gives something other than undefined and false, and returns it. A whole system on a busy machine may take its time. */
export function eventually<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 30,
): Promise<T> {
  return poll(probe, { seconds, everyMs: 25 });
}
