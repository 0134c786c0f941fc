import { z } from 'zod';
import { ReportError } from '../../shared/domain/errors.ts';
import type { DeliveryContext } from '../../shared/http/internal-call.ts';
import { readPush } from '../../shared/http/pubsub-push.ts';
import type { StageMessage } from '../../shared/ports/messages.ts';

const Message = z.object({
  recordId: z.uuid(),
  stage: z.int().min(0),
  dispatchId: z.string().regex(/^[\w-]{1,64}$/),
  sources: z.array(z.object({ name: z.string(), table: z.string() })),
});

/**
 * Parses a push delivery and determines whether it asks this table, because the subscription's filter is not trusted.
 * Throws BAD_MESSAGE (permanent) on anything else.
 */
export function parsePush(body: unknown, table: string): DeliveryContext & { message: StageMessage; asked: boolean } {
  try {
    const { content: message, attributes, ...delivery } = readPush(JSON.parse(String(body)), Message);
    return { message, asked: table in attributes, recordId: message.recordId, ...delivery };
  } catch (error) {
    throw new ReportError('BAD_MESSAGE', 'not a stage message', { kind: 'permanent', cause: error });
  }
}
