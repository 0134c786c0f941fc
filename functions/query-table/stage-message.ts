import { z } from 'zod';
import { ReportError } from '../../shared/domain/errors.ts';
import type { DeliveryContext } from '../../shared/http/internal-call.ts';
import type { StageMessage } from '../../shared/ports/messages.ts';

/** A push delivery. https://cloud.google.com/pubsub/docs/push#receive_push */
const Push = z.object({
  message: z.object({ data: z.base64(), attributes: z.record(z.string(), z.string()).default({}) }),
  deliveryAttempt: z.int().optional(),
});

const Message = z.object({
  recordId: z.uuid(),
  stage: z.int().min(0),
  dispatchId: z.string().regex(/^[\w-]{1,64}$/),
  sources: z.array(z.object({ name: z.string(), table: z.string() })),
});

/** What a push delivery is about, and whether this table is asked: a subscription's filter is not taken on trust. Throws (permanent) on anything else. */
export function parsePush(body: unknown, table: string): DeliveryContext & { message: StageMessage; asked: boolean } {
  try {
    const { message: push, deliveryAttempt } = Push.parse(JSON.parse(String(body)));
    const { data, attributes } = push;
    const message = Message.parse(JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
    const { recordId } = message;
    return { message, asked: table in attributes, recordId, traceparent: attributes.traceparent, deliveryAttempt };
  } catch (error) {
    throw new ReportError('BAD_MESSAGE', 'not a stage message', { kind: 'permanent', cause: error });
  }
}
