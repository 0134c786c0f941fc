import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { startHttpServer } from '../local-cloud/http-server.ts';
import type { WebhookEndpoint } from './deployments.ts';

export interface ReceivedWebhook {
  type: string;
  link: string;
  /** Whether the signature is valid. */
  verified: boolean;
}

export interface WebhookReceiver {
  readonly endpoint: WebhookEndpoint;
  /** Resolves to the first webhook about a record, or to undefined if none arrives within `timeoutMs`. */
  waitForWebhook(recordId: string, timeoutMs: number): Promise<ReceivedWebhook | undefined>;
  close(): Promise<void>;
}

/**
 * Starts a receiver of webhooks on a free port of 127.0.0.1. Like a portal, it verifies them by the standard's library.
 */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const webhook = new Webhook(secret);
  const awaited = new Map<string, PromiseWithResolvers<ReceivedWebhook>>();
  const about = (recordId: string) => {
    const found = awaited.get(recordId) ?? Promise.withResolvers<ReceivedWebhook>();
    awaited.set(recordId, found);
    return found;
  };

  const server = await startHttpServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { type, data } = JSON.parse(body);
    const verified = isVerified(webhook, body, request.headers as Record<string, string>);
    about(data.recordId).resolve({ type, link: data.link, verified });
    response.writeHead(verified ? 204 : 401).end();
  });
  return {
    endpoint: { id: 'demo', url: server.url, secret, allowPrivate: true },
    waitForWebhook: (recordId, timeoutMs) =>
      Promise.race([about(recordId).promise, delay(timeoutMs, undefined, { ref: false })]),
    close: server.close,
  };
}

function isVerified(webhook: Webhook, body: string, headers: Record<string, string>): boolean {
  try {
    webhook.verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
