import { describe, expect, it } from '@jest/globals';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { requeueTask } from '../domain/names.ts';
import type { AggregateQueue, StageMessage } from '../ports/messages.ts';
import { withdrawalsByUserTag } from '../reports/withdrawals-by-user-tag.ts';
import { dispatchStage } from './dispatch-stage.ts';

const now = new Date('2026-03-01T12:00:00.000Z');
const inAMinute = new Date('2026-03-01T12:01:00.000Z');
const record = newRecord();
const tags = { name: 'tags', table: 'plt_user.vs_user_tag_relation' };
const withdrawals = { name: 'withdrawals', table: 'plt_fund.vs_withdraw' };

/** Returns ports that record their calls, in order. */
function ports(fault: { publish?: Error; enqueue?: Error } = {}) {
  const calls: (['enqueue', ...Parameters<AggregateQueue['enqueue']>] | ['publish', StageMessage])[] = [];
  return {
    calls,
    queue: {
      enqueue: async (...call: Parameters<AggregateQueue['enqueue']>) => {
        calls.push(['enqueue', ...call]);
        if (fault.enqueue) throw fault.enqueue;
      },
    },
    publisher: {
      publish: async (message: StageMessage) => {
        calls.push(['publish', message]);
        if (fault.publish) throw fault.publish;
      },
    },
  };
}

const dispatchId = expect.stringMatching(/^[\w-]{36}$/);

describe('dispatching a stage', () => {
  it('schedules the next look first, then asks every table of the stage', async () => {
    const { calls, ...used } = ports();
    await dispatchStage({ record, report: withdrawalsByUserTag, stage: 0, attempt: 0, now }, used);
    expect(calls).toEqual([
      ['enqueue', requeueTask(record.id, 0, 1), { recordId: record.id, stage: 0, attempt: 1 }, inAMinute],
      ['publish', { recordId: record.id, stage: 0, dispatchId, sources: [tags, withdrawals] }],
    ]);
  });

  it('asks for the sources named, and only those', async () => {
    const { calls, ...used } = ports();
    const sources = withdrawalsByUserTag.sources.filter(({ name }) => name === 'tags');
    await dispatchStage({ record, report: withdrawalsByUserTag, stage: 0, attempt: 2, sources, now }, used);
    expect(calls).toMatchObject([
      ['enqueue', requeueTask(record.id, 0, 3), { attempt: 3 }, inAMinute],
      ['publish', { dispatchId, sources: [tags] }],
    ]);
  });

  it('asks nobody when nobody is to be asked, and still comes back', async () => {
    const { calls, ...used } = ports();
    await dispatchStage({ record, report: withdrawalsByUserTag, stage: 0, attempt: 1, sources: [], now }, used);
    expect(calls.map(([call]) => call)).toEqual(['enqueue']);
  });

  it('fails with the port that fails, and asks nobody without a look scheduled', async () => {
    const dispatch = { record, report: withdrawalsByUserTag, stage: 0, attempt: 0, now };
    const noQueue = ports({ enqueue: new Error('no queue') });
    await expect(dispatchStage(dispatch, noQueue)).rejects.toThrow('no queue');
    expect(noQueue.calls.map(([call]) => call)).toEqual(['enqueue']);
    await expect(dispatchStage(dispatch, ports({ publish: new Error('no topic') }))).rejects.toThrow('no topic');
  });
});
