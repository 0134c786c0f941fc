import {
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { rootSpanId, traceId } from '../domain/names.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import { inSpan, tracer } from './spans.ts';

/** The request that asks for an export. */
export interface AskingRequest {
  method: string;
  route: string;
  /** When the request arrived. */
  since: Date;
  /** From the caller, or from the platform. */
  traceparent: string | undefined;
}

/**
 * The context key for the span that begins an export's trace. Its value is the record's id, which the trace and span
 * ids are derived from.
 */
const BEGINS = createContextKey('the record whose trace begins');

/** Returns an id generator: ids are random, except those of a span that begins an export's trace. */
export const recordIds = (random: { generateTraceId(): string; generateSpanId(): string }) => ({
  generateTraceId: () => begun(traceId) ?? random.generateTraceId(),
  generateSpanId: () => begun(rootSpanId) ?? random.generateSpanId(),
});

function begun(idOf: (recordId: string) => string): string | undefined {
  const recordId = context.active().getValue(BEGINS);
  return typeof recordId === 'string' ? idOf(recordId) : undefined;
}

/**
 * Runs `work` in a new trace of an export, which begins with the request that asks for the export. The record is
 * drafted only after the request has been checked, so `work` is the rest of the request, but the first span starts when
 * the request arrived. The caller's own trace is linked instead of continued, because the record's id is the trace's
 * id: code that has a record has its trace, and code that finds the record later, such as the sweeper, joins the trace.
 */
export function tracedExport<T>(
  record: FileDownloadRecord,
  { method, route, since, traceparent }: AskingRequest,
  work: () => Promise<T>,
): Promise<T> {
  const caller = trace.getSpanContext(extractTraceContext(traceparent));
  const span = context.with(ROOT_CONTEXT.setValue(BEGINS, record.id), () =>
    tracer.startSpan(`${method} ${route}`, {
      kind: SpanKind.SERVER,
      startTime: since,
      links: caller ? [{ context: caller }] : [],
      attributes: {
        'http.request.method': method,
        'http.route': route,
        // Every request that begins an export is answered with this status.
        'http.response.status_code': 202,
        'report.record_id': record.id,
        'report.id': record.report,
      },
    }),
  );
  return inSpan(span, ROOT_CONTEXT, work);
}

/** Runs `work` as part of an export's trace when no trace context was propagated. */
export function withinExport<T>(recordId: string, work: () => Promise<T>): Promise<T> {
  const root = {
    traceId: traceId(recordId),
    spanId: rootSpanId(recordId),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  };
  return context.with(trace.setSpanContext(ROOT_CONTEXT, root), work);
}

/** Returns the context that a traceparent carries; without one, a context that has no trace. */
export const extractTraceContext = (traceparent: string | undefined): Context =>
  propagation.extract(ROOT_CONTEXT, { traceparent });

/** Returns what a message or task carries to its receiver: `traceparent`, if it is sent as part of a trace. */
export function injectTraceContext(): { traceparent?: string } {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/**
 * The header in which a task carries its `traceparent`. Cloud Run puts a span of its own, which is rarely kept, into
 * the `traceparent` of each incoming request; the spans below it would have no visible parent.
 */
export const TRACE_HEADER = 'x-report-traceparent';
