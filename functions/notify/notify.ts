import { SpanKind } from '@opentelemetry/api';
import { isPermanent, ReportError } from '../../shared/domain/errors.ts';
import { webhookTask } from '../../shared/domain/names.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import type { WebhookQueue, WebhookTask } from '../../shared/ports/messages.ts';
import type { PostWebhook } from '../../shared/ports/webhook-sender.ts';
import { setSpanAttributes, traced, tracedDelivery } from '../../shared/tracing/spans.ts';
import type { Endpoint } from './endpoints.ts';
import type { NotifyCall } from './notify-call.ts';
import { signWebhook } from './sign-webhook.ts';

export interface NotifyPorts {
  endpoints: readonly Endpoint[];
  queue: WebhookQueue;
  post: PostWebhook;
  /** The download center's public origin. */
  pageUrl: string;
  clock: () => Date;
}

const TIMEOUT_MS = 15_000;

const HOUR_MS = 3_600_000;

/**
 * A delivery that fails at this age (ms) has failed for good: the queue's longest backoff is one hour, and the queue
 * drops a task after 24 hours without notice.
 */
const LAST_TRY_MS = 23 * HOUR_MS;

const GONE = 410;

/**
 * Enqueues the deliveries of an event, or makes one delivery. Returns if the call needs no redelivery; throws
 * (transient) if it does.
 */
export async function notify(work: NotifyCall, ports: NotifyPorts, log: Logger): Promise<void> {
  const { delivery } = work;
  if (delivery) {
    const attributes = { 'report.endpoint_id': delivery.endpointId };
    await tracedDelivery('deliver webhook', attributes, () => deliver(delivery, ports, log));
  } else await tracedDelivery(`process ${work.event.type}`, {}, () => fanOut(work, ports, log));
}

/** Enqueues a named task for each endpoint that wants the event. An event that is delivered again adds no task. */
async function fanOut({ event, source }: Extract<NotifyCall, { source: string }>, ports: NotifyPorts, log: Logger) {
  const wanting = ports.endpoints.filter(
    (endpoint) => (endpoint.events ?? [event.type]).includes(event.type) && (endpoint.source ?? source) === source,
  );
  const since = ports.clock().toISOString();
  await Promise.all(
    wanting.map(({ id }) => ports.queue.enqueue(webhookTask(event.id, id), { event, endpointId: id, since })),
  );
  log.info({ eventId: event.id, endpoints: wanting.map(({ id }) => id) }, 'webhooks asked for');
}

async function deliver({ event, endpointId, since }: WebhookTask, ports: NotifyPorts, log: Logger): Promise<void> {
  const about = { eventId: event.id, endpointId };
  const endpoint = ports.endpoints.find(({ id }) => id === endpointId);
  if (!endpoint) {
    log.warn(about, 'no such endpoint any more');
    return;
  }
  const { url, secret, allowPrivate } = endpoint;
  const webhook = signWebhook(event, secret, ports.pageUrl, ports.clock());
  const post = async () => {
    const answered = await ports.post(url, webhook, { allowPrivate, timeoutMs: TIMEOUT_MS });
    setSpanAttributes({ 'http.response.status_code': answered });
    return answered;
  };
  try {
    const status = await traced('POST', { 'http.request.method': 'POST' }, post, SpanKind.CLIENT);
    if (status === GONE) log.warn(about, 'the endpoint wants no more of this');
    else if (status < 200 || status > 299) throw new Error(`answered ${status}`);
    else log.info({ ...about, status }, 'webhook delivered');
  } catch (error) {
    if (isPermanent(error)) throw error;
    const age = ports.clock().getTime() - Date.parse(since);
    throw new ReportError('WEBHOOK_FAILED', `the webhook to ${endpointId} failed`, {
      kind: age < LAST_TRY_MS ? 'transient' : 'permanent',
      recordId: event.recordId,
      cause: error,
    });
  }
}
