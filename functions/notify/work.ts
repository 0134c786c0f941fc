import { z } from 'zod';
import { ReportError } from '../../shared/domain/errors.ts';
import { TERMINAL_STATUSES } from '../../shared/domain/record.ts';
import type { DeliveryContext } from '../../shared/http/internal-call.ts';
import type { EventSummary, WebhookTask } from '../../shared/ports/messages.ts';
import { EVENT_TYPES } from './endpoints.ts';

/** What the function is called for: by Pub/Sub with an event, or by Cloud Tasks to deliver one. */
export type Work = DeliveryContext &
  ({ event: EventSummary; source: string; delivery?: never } | { delivery: WebhookTask; event?: never });

/** A push delivery. https://cloud.google.com/pubsub/docs/push#receive_push */
const Push = z.object({
  message: z.object({ data: z.base64(), attributes: z.object({ traceparent: z.string().optional() }).optional() }),
  deliveryAttempt: z.int().optional(),
});

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

/** The work in a call's body. Throws (permanent) on anything that is neither. */
export function parseWork(body: unknown): Work {
  try {
    const call: unknown = JSON.parse(String(body));
    const task = Task.safeParse(call);
    if (task.success) return { delivery: task.data, recordId: task.data.event.recordId };
    const { message, deliveryAttempt } = Push.parse(call);
    const text = Buffer.from(message.data, 'base64').toString('utf8');
    const { id, type, subject: recordId, time, data } = Event.parse(JSON.parse(text));
    const event = { id, type, time, recordId, status: data.status };
    return { event, source: data.source, recordId, traceparent: message.attributes?.traceparent, deliveryAttempt };
  } catch (error) {
    throw new ReportError('BAD_CALL', 'neither an event nor a webhook task', { kind: 'permanent', cause: error });
  }
}
