import { z } from 'zod';

/** A push delivery. https://cloud.google.com/pubsub/docs/push#receive_push */
const Push = z.object({
  message: z.object({ data: z.base64(), attributes: z.record(z.string(), z.string()).default({}) }),
  /** Present if the subscription has a dead-letter policy. */
  deliveryAttempt: z.int().optional(),
});

/**
 * Reads a push delivery and validates its message against a schema. Throws if it is not a push delivery, or if its data
 * is not JSON that matches the schema.
 */
export function readPush<T>(call: unknown, schema: z.ZodType<T>) {
  const { message, deliveryAttempt } = Push.parse(call);
  const { data, attributes } = message;
  const content = schema.parse(JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
  return { content, attributes, traceparent: attributes.traceparent, deliveryAttempt };
}
