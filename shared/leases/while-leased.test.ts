import { once } from 'node:events';
import { getActiveResourcesInfo } from 'node:process';
import { describe, expect, it } from '@jest/globals';
import type { Lease } from '../ports/fan-in.ts';
import { isNotWanted, notWanted, whileLeased } from './while-leased.ts';

const RECORD = 'record';
const wanted = async () => true;

/** Returns a lease that is renewed as `renew` says, and counts the renewals. */
function leaseThat(renew: () => Promise<boolean> = wanted): Lease & { renewals: number } {
  const lease = {
    renewals: 0,
    renew: () => {
      lease.renewals++;
      return renew();
    },
    release: async () => {},
  };
  return lease;
}

/** Work that continues until it is aborted. */
const untilBrokenOff = async (signal: AbortSignal): Promise<never> => {
  await once(signal, 'abort');
  throw signal.reason;
};

/** Returns work that continues until `done` resolves, and fails if it is aborted. */
const until = (done: Promise<unknown>) => async (signal: AbortSignal) => {
  await Promise.race([done, untilBrokenOff(signal)]);
  return 'result';
};

/** Returns a heartbeat, and a promise that resolves at its nth call. */
function heartbeatThat(behave: () => Promise<boolean>, calls: number) {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const beat = () => {
    if (++count === calls) resolve();
    return behave();
  };
  return { beat, heard };
}

describe('work under a lease', () => {
  it('gives its result, or fails with its own fault', async () => {
    expect(await whileLeased(leaseThat(), wanted, RECORD, async () => 'result')).toBe('result');
    const fault = new Error('own');
    await expect(whileLeased(leaseThat(), wanted, RECORD, () => Promise.reject(fault))).rejects.toBe(fault);
  });

  it('renews the lease at every heartbeat', async () => {
    const lease = leaseThat();
    const { beat, heard } = heartbeatThat(wanted, 2);
    expect(await whileLeased(lease, beat, RECORD, until(heard))).toBe('result');
    expect(lease.renewals).toBe(2);
  });

  it('is broken off when nobody waits any more', async () => {
    const work = whileLeased(leaseThat(), async () => false, RECORD, untilBrokenOff);
    await expect(work).rejects.toMatchObject({ code: 'NOT_WANTED', kind: 'permanent', recordId: RECORD });
  });

  it('is broken off when another took the lease', async () => {
    const work = whileLeased(
      leaseThat(async () => false),
      wanted,
      RECORD,
      untilBrokenOff,
    );
    await expect(work).rejects.toMatchObject({ code: 'LEASE_LOST', kind: 'transient', recordId: RECORD });
  });

  it('is broken off also when another took the lease and the heartbeat fails', async () => {
    const lost = leaseThat(async () => false);
    const work = whileLeased(lost, () => Promise.reject(new Error('no database')), RECORD, untilBrokenOff);
    await expect(work).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it('goes on over heartbeats and renewals that fail', async () => {
    const failing = () => Promise.reject(new Error('unreachable'));
    const { beat, heard } = heartbeatThat(failing, 2);
    expect(await whileLeased(leaseThat(failing), beat, RECORD, until(heard))).toBe('result');
  });

  it('leaves no timer behind, however it ends', async () => {
    const timers = () => getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    await whileLeased(leaseThat(), wanted, RECORD, async () => expect(timers()).toBe(before + 2));
    expect(timers()).toBe(before);
    await whileLeased(leaseThat(), wanted, RECORD, () => Promise.reject(new Error('own'))).catch(() => {});
    expect(timers()).toBe(before);
  });

  it('ends only after a heartbeat under way, so that none comes after', async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<boolean>();
    const { beat, heard } = heartbeatThat(() => answered, 1);
    const order: string[] = [];
    const work = whileLeased(leaseThat(), beat, RECORD, until(heard)).then(() => order.push('ended'));
    await heard;
    setImmediate(() => {
      order.push('answered');
      answer(true);
    });
    await work;
    expect(order).toEqual(['answered', 'ended']);
  });
});

it('only being not wanted counts as that', () => {
  expect(isNotWanted(notWanted(RECORD))).toBe(true);
  expect(isNotWanted(Object.assign(new Error('x'), { code: 'NOT_WANTED' }))).toBe(false);
});
