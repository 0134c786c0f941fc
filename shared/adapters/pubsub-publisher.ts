import { SpanKind } from '@opentelemetry/api';
import type { EventPublisher, StagePublisher } from '../ports/messages.ts';
import { injectTraceContext } from '../tracing/export-trace.ts';
import { traced } from '../tracing/spans.ts';
import type { GoogleApi } from './google-api.ts';

/**
 * Publishes one message per stage. Each requested table is a separate attribute, so that its subscription's filter,
 * `attributes:"<table>"`, is a presence test. The name of a table contains a dot; no other attribute's name does.
 * `topic` is its full name.
 */
export function stagePublisher(api: GoogleApi, topic: string): StagePublisher {
  return {
    publish(message) {
      const tables = message.sources.map(({ table }) => [table, 'asked']);
      return send(api, topic, message, { recordId: message.recordId, ...Object.fromEntries(tables) });
    },
  };
}

/**
 * Publishes one message per event, in CloudEvents' structured mode. The type is also an attribute, for subscriptions
 * that filter by it. https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md
 */
export function eventPublisher(api: GoogleApi, topic: string): EventPublisher {
  return {
    publish: (event) =>
      send(api, topic, event, { 'content-type': 'application/cloudevents+json; charset=utf-8', type: event.type }),
  };
}

/**
 * Publishes a message together with the context of the trace that it is part of.
 * https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish
 */
function send(api: GoogleApi, topic: string, json: object, attributes: Record<string, string>): Promise<void> {
  const destination = topic.slice(topic.lastIndexOf('/') + 1);
  const described = {
    'messaging.system': 'gcp_pubsub',
    'messaging.operation.type': 'send',
    'messaging.destination.name': destination,
  };
  const publish = () => {
    const data = Buffer.from(JSON.stringify(json)).toString('base64');
    return api(`v1/${topic}:publish`, { messages: [{ data, attributes: { ...attributes, ...injectTraceContext() } }] });
  };
  return traced(`send ${destination}`, described, publish, SpanKind.PRODUCER);
}
