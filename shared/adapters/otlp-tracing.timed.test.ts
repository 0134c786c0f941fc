import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTraceCollector, type TraceCollector } from '../../infra/local-cloud/trace-collector.ts';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { eventually } from '../../test/support/eventually.ts';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.ts';
import { openTracing } from '../clients/tracing.ts';
import { traceId } from '../domain/names.ts';
import type { Tracing } from '../ports/tracing.ts';
import { tracedExport } from '../tracing/export-trace.ts';
import { traced } from '../tracing/spans.ts';

const { logger, lines } = memoryLogger();
let collector: TraceCollector;
let proxy: TcpProxy;
let tracing: Tracing;

beforeAll(async () => {
  collector = await startTraceCollector();
  proxy = await startTcpProxy(Number(new URL(collector.url).port));
  const endpoint = `http://127.0.0.1:${proxy.port}/v1/traces`;
  tracing = openTracing(
    { GOOGLE_CLOUD_PROJECT: 'demo', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint },
    'aggregate',
    logger,
  );
  await tracing.ready();
});
afterAll(async () => {
  await proxy.close();
  await collector.close();
});

/** Traces an export, and resolves to the id of its trace. */
async function anExport(): Promise<string> {
  const record = newRecord();
  const request = { method: 'POST', route: '/v1/downloads', since: new Date(), traceparent: undefined };
  await tracedExport(record, request, () => traced('complete', { 'report.rows': 3 }, async () => {}));
  return traceId(record.id);
}

/** Resolves to the duration of the work, in milliseconds. */
async function timed(work: Promise<void>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

it('what has ended is at the collector once it is flushed, as the function’s', async () => {
  const trace = await anExport();
  await tracing.flush(2000);
  const [request, complete] = collector.spansOf(trace);
  expect(request).toMatchObject({ name: 'POST /v1/downloads', service: 'aggregate', kind: 'SERVER', failed: false });
  expect(complete).toMatchObject({ parentSpanId: request?.spanId, attributes: { 'report.rows': 3 } });
});

it('there is nothing to wait for when nothing has ended', async () => {
  await proxy.refuse();
  expect(await timed(tracing.flush(2000))).toBeLessThan(100);
  await proxy.restore();
});

it('a collector that is silent is waited for no longer than told', async () => {
  proxy.holdReplies(0);
  await anExport();
  const took = await timed(tracing.flush(100));
  expect(took).toBeGreaterThan(90);
  expect(took).toBeLessThan(1000);
  await proxy.restore();
  // By then, the call that was held has been answered or abandoned.
  await tracing.flush(60_000);
});

it('what ends while a request is under way goes with the next, all of it in one', async () => {
  proxy.holdReplies(0);
  const first = await anExport();
  const flushed = [tracing.flush(60_000)];
  await eventually(() => collector.spansOf(first).length === 2);
  const others = [await anExport(), await anExport()];
  flushed.push(tracing.flush(60_000), tracing.flush(60_000));
  expect(others.map((other) => collector.spansOf(other).length)).toEqual([0, 0]);
  await proxy.restore();
  await Promise.all(flushed);
  expect(others.map((other) => collector.spansOf(other).length)).toEqual([2, 2]);
});

it('a collector that is away costs a warning, and two seconds at the most', async () => {
  await proxy.refuse();
  lines.length = 0;
  await anExport();
  expect(await timed(tracing.flush(60_000))).toBeLessThan(3000);
  expect(lines.at(-1)).toMatchObject({ level: 40, message: 'spans are lost' });
  await proxy.restore();
  const trace = await anExport();
  await tracing.flush(2000);
  await eventually(() => collector.spansOf(trace).length === 2);
});

it('without an endpoint there is nothing to be ready for or to be sent', async () => {
  const none = openTracing({ GOOGLE_CLOUD_PROJECT: 'demo' }, 'aggregate', logger);
  await none.ready();
  expect(await timed(none.flush(2000))).toBeLessThan(100);
});
