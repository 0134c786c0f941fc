import { describe, expect, it } from '@jest/globals';
import type { AggregateTask } from '../../shared/ports/messages.ts';
import { parseTask } from './task.ts';

const task: AggregateTask = {
  recordId: '01a20578-1fcf-7081-bf3d-4ed8f9af18dd',
  stage: 1,
  attempt: 6,
};
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('a task', () => {
  it('says which record to look at, at which try', () => {
    expect(parseTask(bodyOf(task))).toEqual(task);
  });

  it.each<[name: string, body: unknown]>([
    ['nothing', undefined],
    ['no JSON', Buffer.from('hello')],
    ['no record', bodyOf({ ...task, recordId: undefined })],
    ['a record id that is none', bodyOf({ ...task, recordId: '7' })],
    ['a stage in words', bodyOf({ ...task, stage: '1' })],
    ['a try before the first', bodyOf({ ...task, attempt: -1 })],
  ])('is given up for good if it is %s', (_, body) => {
    expect(() => parseTask(body)).toThrow(expect.objectContaining({ code: 'BAD_TASK', kind: 'permanent' }));
  });
});
