import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { startTraceCollector, type TraceCollector } from './trace-collector.ts';

let collector: TraceCollector;
let provider: TracerProvider;
let tracer: Tracer;

beforeEach(async () => {
  collector = await startTraceCollector({ maxTraces: 2, maxSpans: 3 });
  provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'aggregate' }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: collector.endpoint }) })],
  });
  tracer = provider.getTracer('test');
});
afterEach(async () => {
  await provider.shutdown();
  await collector.close();
});

/** Starts a trace, and resolves to its id. */
async function newTrace(): Promise<string> {
  const span = tracer.startSpan('root');
  span.end();
  await provider.forceFlush();
  return span.spanContext().traceId;
}

describe('the collector', () => {
  it('stores every field of a span that is displayed', async () => {
    const root = tracer.startSpan('root', { startTime: new Date(1_000_000_000_500) });
    const context = trace.setSpan(ROOT_CONTEXT, root);
    const attributes = { text: '報表', count: 12_345_678_901, ratio: 0.5, yes: true };
    const links = [{ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } }];
    const options = { kind: SpanKind.CONSUMER, attributes, links, startTime: new Date(1_000_000_000_625) };
    const child = tracer.startSpan('child', options, context).setStatus({ code: SpanStatusCode.ERROR });
    child.end(new Date(1_000_000_000_750));
    root.end(new Date(1_000_000_001_000));
    await provider.forceFlush();
    const { traceId, spanId } = root.spanContext();
    const shared = { traceId, service: 'aggregate' };
    const rest = { parentSpanId: undefined, kind: 'INTERNAL', attributes: {}, links: [], failed: false };
    const begun = { name: 'root', spanId, start: 1_000_000_000_500, end: 1_000_000_001_000 };
    expect(collector.spansOf(traceId)).toEqual([
      { ...shared, ...rest, ...begun },
      {
        ...shared,
        spanId: child.spanContext().spanId,
        parentSpanId: spanId,
        name: 'child',
        kind: 'CONSUMER',
        start: 1_000_000_000_625,
        end: 1_000_000_000_750,
        attributes,
        links: ['a'.repeat(32)],
        failed: true,
      },
    ]);
  });

  it('serves a trace as JSON, and an empty one for an unknown id', async () => {
    const id = await newTrace();
    const get = async (path: string) => (await fetch(`${collector.url}${path}`)).json();
    expect(await get(`/traces/${id}`)).toMatchObject([{ traceId: id, name: 'root' }]);
    expect(await get(`/traces/${'0'.repeat(32)}`)).toEqual([]);
  });

  it('keeps the latest traces, and a limited number of spans of each', async () => {
    const [first, second] = [await newTrace(), await newTrace()];
    const context = { traceId: first, spanId: 'b'.repeat(16), traceFlags: 1 };
    for (let span = 0; span < 5; span++) {
      tracer.startSpan('more', {}, trace.setSpanContext(ROOT_CONTEXT, context)).end();
    }
    const third = await newTrace();
    // The second is the least recently updated one.
    expect([first, second, third].map((id) => collector.spansOf(id).length)).toEqual([3, 0, 1]);
  });

  it.each([
    ['what is no protobuf', { 'content-type': 'application/x-protobuf' }, 'hello', 400],
    ['JSON', { 'content-type': 'application/json' }, '{"resourceSpans":[]}', 400],
  ])('refuses %s', async (_, headers, body, status) => {
    expect((await fetch(collector.endpoint, { method: 'POST', headers, body })).status).toBe(status);
  });

  it('responds with 404 at other paths', async () => {
    expect((await fetch(`${collector.url}/v1/metrics`, { method: 'POST' })).status).toBe(404);
  });
});
