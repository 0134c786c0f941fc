import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { newRecord } from '../../../test/contract/record-store-fixtures.ts';
import { pollChanges } from './poll-changes.ts';

const EVERYTHING_ELSE = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'] as const;
const AND_MORE = ['clearImmediate', 'nextTick', 'queueMicrotask', 'Date', 'hrtime'] as const;
const JUST_UNDER_10_S = 9_900;

/** The clocks of this process and of the server stand still until a test moves them. */
beforeEach(() => void jest.useFakeTimers({ doNotFake: [...EVERYTHING_ELSE, ...AND_MORE] }));
afterEach(() => void jest.useRealTimers());

it('finds what was stamped early and committed late, however long the polls wait for a connection', async () => {
  const record = newRecord();
  const stampedAt = performance.now();
  const ending = new AbortController();
  let polls = 0;
  /** Polls the changes. The first poll comes shortly before the commit; the others wait almost as long as they may. */
  const changedWithin = async (ms: number) => {
    polls++;
    if (polls > 1) jest.advanceTimersByTime(JUST_UNDER_10_S);
    if (polls === 3) ending.abort();
    const now = performance.now();
    const isCommitted = now >= stampedAt + JUST_UNDER_10_S;
    return isCommitted && stampedAt >= now - ms ? [record] : [];
  };
  jest.advanceTimersByTime(JUST_UNDER_10_S - 1);
  const batches = [];
  for await (const batch of pollChanges(changedWithin, ending.signal)) batches.push(batch);
  expect(batches).toEqual([[], [record]]);
});
