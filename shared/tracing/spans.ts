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

/**
 * Runs `work` in a span of the active trace; without an active trace, only runs `work`. An error that `work` throws
 * sets the span's status.
 */
export async function traced<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  kind: SpanKind = SpanKind.INTERNAL,
): Promise<T> {
  const parent = context.active();
  return isTraced(parent) ? inSpan(tracer.startSpan(name, { kind, attributes }), parent, work) : work();
}

/** Records a span that has already ended, if there is an active trace. */
export function recordSpan(name: string, since: Date, until: Date): void {
  if (isTraced(context.active())) tracer.startSpan(name, { startTime: since }).end(until);
}

/** A call from Pub/Sub or Cloud Tasks. */
export interface Delivery {
  /** When the call arrived. */
  since: Date;
  /** Counted from 1. */
  attempt: number;
}

const DELIVERY = createContextKey('the delivery');

/** Returns `parent`, the context of the trace that the delivery carries, with the delivery added. */
export const ofDelivery = (parent: Context, delivery: Delivery): Context => parent.setValue(DELIVERY, delivery);

/**
 * Runs `work` in a span that starts when the delivery arrived. It is called only once there is known to be work to do:
 * looks that run after the end would stretch a trace of a second to a minute.
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

/** Adds results to the active span. */
export function setSpanAttributes(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** Marks the active span as failed although nothing is thrown. */
export function markSpanFailed(code: string): void {
  const span = trace.getActiveSpan();
  if (span) fail(span, code);
}

/** Records only the code: messages quote values. */
function fail(span: Span, code: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: code }).setAttribute('error.type', code);
}

const isTraced = (parent: Context) => trace.getSpanContext(parent) !== undefined;
