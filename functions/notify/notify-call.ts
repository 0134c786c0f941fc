import { z } from 'zod';
import { ReportError } from '../../shared/domain/errors.ts';
import { TERMINAL_STATUSES } from '../../shared/domain/record.ts';
import type { DeliveryContext } from '../../shared/http/internal-call.ts';
import { readPush } from '../../shared/http/pubsub-push.ts';
import type { EventSummary, WebhookTask } from '../../shared/ports/messages.ts';
import { EVENT_TYPES } from './endpoints.ts';

/** A call of the function: by Pub/Sub with an event, or by Cloud Tasks to deliver an event. */
export type NotifyCall = DeliveryContext &
  ({ event: EventSummary; source: string; delivery?: never } | { delivery: WebhookTask; event?: never });

const Event = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(/^[\w-]{1,100}$/),
  type: z.enum(EVENT_TYPES),
  subject: z.uuid(),
  time: z.iso.datetime(),
  data: z.object({ source: z.string(), status: z.enum(TERMINAL_STATUSES) }),
});

const Task = z.object({
  event: z.object({
    id: z.string(),
    type: z.enum(EVENT_TYPES),
    time: z.iso.datetime(),
    recordId: z.uuid(),
    status: z.enum(TERMINAL_STATUSES),
  }),
  endpointId: z.string(),
  since: z.iso.datetime(),
});

/** Parses the work in a call's body. Throws BAD_CALL (permanent) if the body is neither an event nor a delivery. */
export function parseCall(body: unknown): NotifyCall {
  try {
    const call: unknown = JSON.parse(String(body));
    const task = Task.safeParse(call);
    if (task.success) return { delivery: task.data, recordId: task.data.event.recordId };
    const { content, traceparent, deliveryAttempt } = readPush(call, Event);
    const { id, type, subject: recordId, time, data } = content;
    const event = { id, type, time, recordId, status: data.status };
    return { event, source: data.source, recordId, traceparent, deliveryAttempt };
  } catch (error) {
    throw new ReportError('BAD_CALL', 'neither an event nor a webhook task', { kind: 'permanent', cause: error });
  }
}
