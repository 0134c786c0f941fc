import { describe, expect, it } from '@jest/globals';
import type { ReportEvent, WebhookTask } from '../../shared/ports/messages.ts';
import { parseCall } from './notify-call.ts';

const recordId = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
const time = '2026-03-01T12:00:00.123Z';
const event: ReportEvent = {
  specversion: '1.0',
  id: `${recordId}-completed`,
  source: '//report-download-center/demo',
  type: 'report.completed',
  subject: recordId,
  time,
  datacontenttype: 'application/json',
  data: { id: recordId, source: 'admin-portal', status: 'COMPLETED', conditions: { tagIds: [1] } },
};
const summary = { id: event.id, type: event.type, time, recordId, status: 'COMPLETED' } as const;
const task: WebhookTask = { event: summary, endpointId: 'portal', since: time };

const body = (value: unknown) => Buffer.from(JSON.stringify(value));
const push = (value: unknown, attributes: object = { type: event.type }) =>
  body({
    message: { data: Buffer.from(JSON.stringify(value)).toString('base64'), attributes },
    subscription: 'projects/p/subscriptions/s',
    deliveryAttempt: 2,
  });

describe('a call', () => {
  it('by Pub/Sub is an event to be passed on', () => {
    expect(parseCall(push(event))).toEqual({ event: summary, source: 'admin-portal', recordId, deliveryAttempt: 2 });
  });

  it('by Pub/Sub carries the trace that the event was sent in', () => {
    expect(parseCall(push(event, { traceparent: 't' }))).toMatchObject({ recordId, traceparent: 't' });
  });

  it('by Cloud Tasks is a delivery to be made', () => {
    expect(parseCall(body(task))).toEqual({ delivery: task, recordId });
  });

  it.each<[string, Buffer]>([
    ['no JSON', Buffer.from('no JSON')],
    ['nothing in it', body({})],
    ['no event in its message', push({ hello: 'world' })],
    ['an event of another version', push({ ...event, specversion: '0.3' })],
    ['an event of another type', push({ ...event, type: 'report.queued' })],
    ['an event of no record', push({ ...event, subject: '7' })],
    ['an event whose id could not name a task', push({ ...event, id: 'a/b' })],
    ['a task of no endpoint', body({ ...task, endpointId: undefined })],
  ])('with %s is refused for good', (_, call) => {
    expect(() => parseCall(call)).toThrow(expect.objectContaining({ code: 'BAD_CALL', kind: 'permanent' }));
  });
});
