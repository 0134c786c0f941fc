import { describe, expect, it } from '@jest/globals';
import type { StageMessage } from '../../shared/ports/messages.ts';
import { parsePush } from './stage-message.ts';

const TABLE = 'plt_fund.vs_withdraw';
const message: StageMessage = {
  recordId: '01a20578-1fcf-7081-bf3d-4ed8f9af18dd',
  stage: 0,
  dispatchId: '5f0c-2',
  sources: [{ name: 'withdrawals', table: TABLE }],
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

/** Returns the body of a push as the function receives it. */
const push = (data: unknown = message, attributes: object | null = { [TABLE]: 'asked' }) =>
  Buffer.from(
    JSON.stringify({
      message: {
        data: encode(data),
        ...(attributes && { attributes }),
        messageId: '1',
        publishTime: '2026-03-01T12:00:00Z',
      },
      subscription: 'projects/p/subscriptions/s',
      deliveryAttempt: 3,
    }),
  );

describe('a push', () => {
  it('holds the stage message, for a table that is asked', () => {
    const { recordId } = message;
    expect(parsePush(push(), TABLE)).toEqual({ message, asked: true, recordId, deliveryAttempt: 3 });
  });

  it('carries a trace beside the tables', () => {
    const attributes = { [TABLE]: 'asked', traceparent: 't' };
    expect(parsePush(push(message, attributes), TABLE)).toMatchObject({ traceparent: 't', asked: true });
  });

  it.each([
    ['a table whose attribute is not there', 'plt_fund.vs_payment', { [TABLE]: 'asked' }],
    ['any table when there are no attributes', TABLE, null],
  ])('does not ask %s, whatever the filter let through', (_, table, attributes) => {
    expect(parsePush(push(message, attributes), table)).toMatchObject({ asked: false });
  });

  it.each<[name: string, body: unknown]>([
    ['nothing', undefined],
    ['no JSON', Buffer.from('hello')],
    ['no push', Buffer.from('{}')],
    ['a push without data', Buffer.from('{"message":{"attributes":{}}}')],
    ['data that is not base64', Buffer.from('{"message":{"data":"%%%"}}')],
    ['data that is not JSON', Buffer.from(JSON.stringify({ message: { data: 'aGVsbG8=' } }))],
    ['a message without record', push({ ...message, recordId: undefined })],
    ['a record id that is none', push({ ...message, recordId: "x' OR 1=1" })],
    ['a stage before the first', push({ ...message, stage: -1 })],
    ['half a stage', push({ ...message, stage: 0.5 })],
    ['sources that are none', push({ ...message, sources: ['withdrawals'] })],
  ])('is given up for good if it is %s', (_, body) => {
    const parse = () => parsePush(body, TABLE);
    expect(parse).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE', kind: 'permanent' }));
  });
});
