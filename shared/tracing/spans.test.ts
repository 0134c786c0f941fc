import { describe, expect, it } from '@jest/globals';
import { context, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { memoryTraces } from '../../test/support/memory-traces.ts';
import { busy } from '../domain/errors.ts';
import { extractTraceContext, withinExport } from './export-trace.ts';
import { markSpanFailed, ofDelivery, recordSpan, setSpanAttributes, traced, tracedDelivery } from './spans.ts';

const { endedAs } = memoryTraces();
const RECORD = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
const within = (work: () => Promise<void>) => withinExport(RECORD, work);

describe('a span', () => {
  it('tells what it was begun with and what was found', async () => {
    await within(() => traced('at work', { 'report.stage': 1 }, async () => setSpanAttributes({ 'report.rows': 7 })));
    const { attributes, status, kind } = endedAs('at work');
    expect(attributes).toEqual({ 'report.stage': 1, 'report.rows': 7 });
    expect([status.code, kind]).toEqual([SpanStatusCode.UNSET, SpanKind.INTERNAL]);
  });

  it.each([
    [busy('the record', RECORD), 'BUSY'],
    [new TypeError('no 13800138000'), 'TypeError'],
    ['thrown', 'unknown'],
  ])('of work that throws %p has the status of an error, by its code alone', async (error, code) => {
    const work = () => traced('in vain', {}, () => Promise.reject(error));
    await expect(within(work)).rejects.toBe(error);
    const { status, attributes, events } = endedAs('in vain');
    expect({ status, attributes, events }).toEqual({
      status: { code: SpanStatusCode.ERROR, message: code },
      attributes: { 'error.type': code },
      events: [],
    });
  });

  it('may have failed though nothing was thrown', async () => {
    await within(() => traced('given up', {}, async () => markSpanFailed('SOURCES_MISSING')));
    expect(endedAs('given up').status).toEqual({ code: SpanStatusCode.ERROR, message: 'SOURCES_MISSING' });
  });

  it('may be of the past', async () => {
    await within(async () => recordSpan('before', new Date(1_000_500), new Date(1_000_750)));
    const { startTime, endTime } = endedAs('before');
    expect([startTime, endTime]).toEqual([
      [1000, 500e6],
      [1000, 750e6],
    ]);
  });
});

describe('a delivery', () => {
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const handled = (name: string, carries: string | undefined, attempt: number) =>
    context.with(ofDelivery(extractTraceContext(carries), { since: new Date(1_000_500), attempt }), () =>
      tracedDelivery(name, {}, () => traced(`${name}: work`, {}, async () => {})),
    );

  it('is part of the trace that it carries, from when it came', async () => {
    await handled('second', traceparent, 2);
    const { kind, startTime, parentSpanContext, attributes } = endedAs('second');
    expect([kind, startTime]).toEqual([SpanKind.CONSUMER, [1000, 500e6]]);
    expect(parentSpanContext).toMatchObject({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isRemote: true });
    expect(attributes).toEqual({ 'messaging.operation.type': 'process', 'report.delivery_attempt': 2 });
    expect(endedAs('second: work').parentSpanContext?.spanId).toBe(endedAs('second').spanContext().spanId);
  });

  it('that carries no trace is handled without', async () => {
    await handled('untraced', undefined, 1);
    expect(() => endedAs('untraced')).toThrow('no span');
    expect(() => endedAs('untraced: work')).toThrow('no span');
  });
});
