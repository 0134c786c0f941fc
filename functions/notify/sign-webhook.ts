import { Webhook } from 'standardwebhooks';
import type { EventSummary } from '../../shared/ports/messages.ts';
import type { SignedWebhook } from '../../shared/ports/webhook-sender.ts';

/**
 * An event as Standard Webhooks has it: the id is the event's and stays the same over retries, the timestamp is the attempt's. The payload is thin, whoever wants to know
 * more follows the link and is asked who they are. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signWebhook(event: EventSummary, secret: string, pageUrl: string, now: Date): SignedWebhook {
  const { id, type, time, recordId, status } = event;
  const link = new URL(`/downloads/${recordId}`, pageUrl).href;
  const body = JSON.stringify({ type, timestamp: time, data: { recordId, status, link } });
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
    body,
  };
}
