import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { ReportError } from '../domain/errors.ts';

export const tracer = trace.getTracer('report-download-center');

/** Does `work` in a span of the trace under way; where there is none, just does it. An error that `work` throws is the span's status. */
export async function traced<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  const parent = context.active();
  return isTraced(parent) ? inSpan(tracer.startSpan(name, { kind, attributes }), parent, work) : work();
}

/** A span that is over already. */
export function tracedBefore(name: string, since: Date, until: Date): void {
  if (isTraced(context.active())) tracer.startSpan(name, { startTime: since }).end(until);
}

/** A call by Pub/Sub or Cloud Tasks. */
export interface Delivery {
  /** When it came. */
  since: Date;
  /** Counted from 1. */
  attempt: number;
}

const DELIVERY = createContextKey('the delivery');

/** The context of a delivery, as part of the trace that it carries. */
export const ofDelivery = (parent: Context, delivery: Delivery): Context => parent.setValue(DELIVERY, delivery);

/**
 * Handles a delivery in a span that begins when it came. Called only once it is known that there is something to do: looks that come when all is over would stretch a
 * trace of a second to a minute.
 */
export async function tracedDelivery<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const parent = context.active();
  const delivery = parent.getValue(DELIVERY) as Delivery | undefined;
  if (!delivery || !isTraced(parent)) return work();
  const { since, attempt } = delivery;
  const options = {
    kind: SpanKind.CONSUMER,
    startTime: since,
    attributes: {
      ...attributes,
      'messaging.operation.type': 'process',
      'report.delivery_attempt': attempt,
    },
  };
  return inSpan(tracer.startSpan(name, options), parent, work);
}

export async function inSpan<T>(span: Span, parent: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    fail(span, error instanceof ReportError ? error.code : error instanceof Error ? error.name : 'unknown');
    throw error;
  } finally {
    span.end();
  }
}

/** Tells what came of the span under way. */
export function found(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** The span under way has failed, though nothing is thrown. */
export function failed(code: string): void {
  const span = trace.getActiveSpan();
  if (span) fail(span, code);
}

/** Codes alone: messages quote values. */
function fail(span: Span, code: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: code }).setAttribute('error.type', code);
}

const isTraced = (parent: Context) => trace.getSpanContext(parent) !== undefined;
