import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { newRecord } from '../../test/contract/record-store-fixtures.ts';
import { memoryTraces } from '../../test/support/memory-traces.ts';
import { injectTraceContext, tracedExport, withinExport } from './export-trace.ts';
import { traced } from './spans.ts';

const { endedAs } = memoryTraces();
const since = new Date('2026-03-01T12:00:00.123Z');
const asking = { method: 'POST', route: '/v1/downloads', since, traceparent: undefined };
const CALLER = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

describe('the trace of an export', () => {
  it('has the record’s id, and begins with the request, when that came', async () => {
    const record = newRecord();
    await tracedExport(record, asking, async () => {});
    const span = endedAs('POST /v1/downloads');
    const { kind, startTime, parentSpanContext, attributes } = span;
    expect(span.spanContext().traceId).toBe(record.id.replaceAll('-', ''));
    expect([kind, parentSpanContext, startTime]).toEqual([
      SpanKind.SERVER,
      undefined,
      [since.getTime() / 1000 - 0.123, 123e6],
    ]);
    expect(attributes).toMatchObject({ 'report.record_id': record.id, 'http.route': '/v1/downloads' });
  });

  it('is linked to the caller’s, and is no part of it', async () => {
    const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
    await tracedExport(newRecord(), { ...asking, traceparent }, async () => {});
    expect(endedAs('POST /v1/downloads').links).toMatchObject([{ context: CALLER }]);
  });

  it.each([undefined, 'nonsense'])('has no link to %p', async (traceparent) => {
    await tracedExport(newRecord(), { ...asking, traceparent }, async () => {});
    expect(endedAs('POST /v1/downloads').links).toEqual([]);
  });

  it('is carried with what is sent on its way, span by span', async () => {
    const record = newRecord();
    await tracedExport(record, asking, () =>
      traced('sending', {}, async () => {
        expect(injectTraceContext().traceparent).toMatch(
          new RegExp(`^00-${record.id.replaceAll('-', '')}-[0-9a-f]{16}-01$`),
        );
      }),
    );
    const sending = endedAs('sending');
    const request = endedAs('POST /v1/downloads').spanContext();
    expect(sending.parentSpanContext?.spanId).toBe(request.spanId);
    expect(sending.spanContext().spanId).not.toBe(request.spanId);
  });

  it('is joined, where nothing was carried, below the request', async () => {
    const record = newRecord();
    await tracedExport(record, asking, async () => {});
    await withinExport(record.id, () => traced('found again', {}, async () => {}));
    const request = endedAs('POST /v1/downloads').spanContext();
    expect(endedAs('found again').parentSpanContext).toMatchObject({
      traceId: request.traceId,
      spanId: request.spanId,
    });
  });

  it('is not begun by what is part of none, nor carried', async () => {
    expect(injectTraceContext()).toEqual({});
    await traced('alone', {}, async () => {});
    expect(() => endedAs('alone')).toThrow('no span alone');
  });
});
