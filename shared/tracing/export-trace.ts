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
  /** When it came. */
  since: Date;
  /** Of whoever sent it, or of the platform. */
  traceparent: string | undefined;
}

/** In the context of a span that begins an export's trace: the record's id, which makes its ids. */
const BEGINS = createContextKey('the record whose trace begins');

/** What makes the ids of spans: random ones, but for a span that begins an export's trace. */
export const recordIds = (random: { generateTraceId(): string; generateSpanId(): string }) => ({
  generateTraceId: () => begun(traceId) ?? random.generateTraceId(),
  generateSpanId: () => begun(rootSpanId) ?? random.generateSpanId(),
});

function begun(idOf: (recordId: string) => string): string | undefined {
  const recordId = context.active().getValue(BEGINS);
  return typeof recordId === 'string' ? idOf(recordId) : undefined;
}

/**
 * Begins an export's trace with the request that asks for it, though its record is drafted only after the request was checked; `work` is what is done of it from
 * then on. The caller's own trace is linked: the record's id is the trace's, so that who has a record has its trace, and who finds it again, as the sweeper does, joins it.
 */
export function tracedExport<T>(
  record: FileDownloadRecord,
  { method, route, since, traceparent }: AskingRequest,
  work: () => Promise<T>,
): Promise<T> {
  const caller = trace.getSpanContext(carriedContext(traceparent));
  const span = context.with(ROOT_CONTEXT.setValue(BEGINS, record.id), () =>
    tracer.startSpan(`${method} ${route}`, {
      kind: SpanKind.SERVER,
      startTime: since,
      links: caller ? [{ context: caller }] : [],
      attributes: {
        'http.request.method': method,
        'http.route': route,
        // Whatever begins an export is answered so.
        'http.response.status_code': 202,
        'report.record_id': record.id,
        'report.id': record.report,
      },
    }),
  );
  return inSpan(span, ROOT_CONTEXT, work);
}

/** Does `work` as part of an export's trace of which nothing was carried here. */
export function withinExport<T>(recordId: string, work: () => Promise<T>): Promise<T> {
  const root = {
    traceId: traceId(recordId),
    spanId: rootSpanId(recordId),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  };
  return context.with(trace.setSpanContext(ROOT_CONTEXT, root), work);
}

/** The context that a traceparent carries; that of no trace, without one. */
export const carriedContext = (traceparent: string | undefined): Context =>
  propagation.extract(ROOT_CONTEXT, { traceparent });

/** What a message or task carries to whoever receives it: `traceparent`, if it is sent as part of a trace. */
export function carried(): { traceparent?: string } {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/**
 * The header in which a task carries it. Cloud Run puts a span of its own, which is hardly ever kept, into the `traceparent` of each request that comes to it: the spans
 * below would hang in the air.
 */
export const TRACE_HEADER = 'x-report-traceparent';
