import { describe, expect, it } from '@jest/globals';
import { memoryLogger } from '../../test/support/memory-logger.ts';
import { memoryTraces } from '../../test/support/memory-traces.ts';
import { serveFunction } from '../../test/support/serve-function.ts';
import { busy, ReportError } from '../domain/errors.ts';
import { TRACE_HEADER } from '../tracing/export-trace.ts';
import { tracedDelivery } from '../tracing/spans.ts';
import { type DeliveryContext, internalFunction } from './internal-call.ts';
import { Problem } from './problem.ts';

const RECORD = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
const TRACE = RECORD.replaceAll('-', '');
const traceparentOf = (spanId: string) => `00-${TRACE}-${spanId.repeat(16)}-01`;

interface Behaviour {
  /** The reason for which the caller is refused. */
  refusal?: Error;
  parse?: () => DeliveryContext;
  handle?: () => Promise<void>;
  headers?: Record<string, string>;
}

/** Delivers a call, and resolves to the response, whether the call was handled, and what was logged. */
async function deliver(behaviour: Behaviour) {
  const { logger, lines } = memoryLogger();
  let handled = 0;
  const flushes: number[] = [];
  await using server = await serveFunction(
    internalFunction(
      {
        verify: async () => {
          if (behaviour.refusal) throw behaviour.refusal;
        },
        projectId: 'demo',
        logger,
        tracing: {
          ready: async () => {},
          flush: async () => {
            flushes.push(handled);
          },
        },
      },
      behaviour.parse ?? (() => ({ recordId: RECORD })),
      async (_work, log) => {
        handled++;
        log.info('at work');
        await behaviour.handle?.();
      },
    ),
  );
  const response = await fetch(server.url, { method: 'POST', headers: behaviour.headers ?? {} });
  return { status: response.status, type: response.headers.get('content-type'), handled, flushes, lines };
}

const permanent = new ReportError('BAD_MESSAGE', 'not a stage message', { kind: 'permanent' });
const transient = new ReportError('DATABASE_UNAVAILABLE', 'connect ECONNREFUSED', { kind: 'transient' });
const failing = (error: unknown) => ({ handle: () => Promise.reject(error) });

describe('a delivery', () => {
  it('that is handled is acknowledged, its lines tied to record and trace', async () => {
    const { status, handled, lines } = await deliver({});
    expect([status, handled]).toEqual([204, 1]);
    expect(lines).toMatchObject([
      { recordId: RECORD, 'logging.googleapis.com/trace': `projects/demo/traces/${TRACE}`, message: 'at work' },
    ]);
  });

  it('by anybody else than the invoker is refused and logged, and not handled', async () => {
    const { status, type, handled, lines } = await deliver({ refusal: new Problem('wrong-account') });
    expect([status, type, handled]).toEqual([401, 'application/problem+json; charset=utf-8', 0]);
    expect(lines).toMatchObject([{ level: 40, message: 'call refused', code: 'wrong-account' }]);
  });

  it('comes again when the caller could not be verified for now', async () => {
    const { status, handled } = await deliver({ refusal: new TypeError('fetch failed') });
    expect([status, handled]).toEqual([500, 0]);
  });

  it('that makes no sense is acknowledged, logged and not handled', async () => {
    const parse = () => {
      throw permanent;
    };
    const { status, handled, lines } = await deliver({ parse });
    expect([status, handled]).toEqual([204, 0]);
    expect(lines).toMatchObject([{ message: 'given up', err: { code: 'BAD_MESSAGE' } }]);
  });

  it('that can never succeed is acknowledged and logged', async () => {
    const { status, lines } = await deliver(failing(permanent));
    expect(status).toBe(204);
    expect(lines.at(-1)).toMatchObject({ message: 'given up', recordId: RECORD, err: { code: 'BAD_MESSAGE' } });
  });

  it.each([
    ['a fault that may pass', transient, false],
    ['a fault of an unknown kind', new TypeError('x is undefined'), false],
    ['somebody else at work', busy('the record', RECORD), true],
  ])('comes again after %s', async (_, error, isBusy) => {
    const { status, lines } = await deliver(failing(error));
    expect(status).toBe(500);
    expect(lines.at(-1)).toMatchObject({ message: 'to be delivered again', recordId: RECORD, busy: isBusy });
  });

  it.each<[name: string, attempt: number | undefined, headers: Record<string, string>, retries: number | undefined]>([
    ['by Pub/Sub', 3, {}, 2],
    ['by Cloud Tasks', undefined, { 'X-CloudTasks-TaskRetryCount': '4' }, 4],
    ['for the first time by Pub/Sub', 1, {}, undefined],
    ['for the first time by Cloud Tasks', undefined, { 'X-CloudTasks-TaskRetryCount': '0' }, undefined],
  ])('%s says whether it comes again', async (_, deliveryAttempt, headers, retries) => {
    const { lines } = await deliver({ parse: () => ({ recordId: RECORD, deliveryAttempt }), headers });
    const told = lines.filter(({ message }) => message === 'redelivered');
    expect(told).toMatchObject(retries === undefined ? [] : [{ recordId: RECORD, retries }]);
    expect(told).toHaveLength(retries === undefined ? 0 : 1);
  });

  it('of no record has a trace of its own in its lines', async () => {
    const { lines } = await deliver({ parse: () => ({}) });
    expect(lines).toMatchObject([
      { 'logging.googleapis.com/trace': expect.stringMatching(/^projects\/demo\/traces\/[0-9a-f]{32}$/) },
    ]);
  });

  describe('that is part of a trace', () => {
    const { endedAs } = memoryTraces();
    const handle = () => tracedDelivery('handled', {}, async () => {});

    it.each([
      ['a message, by its attribute', { parse: () => ({ recordId: RECORD, traceparent: traceparentOf('c') }) }],
      ['a task, by its header', { headers: { [TRACE_HEADER]: traceparentOf('c') } }],
    ])('goes on with it: %s', async (_, behaviour) => {
      // The platform puts a span of its own there, too.
      const headers = { ...('headers' in behaviour ? behaviour.headers : {}), traceparent: traceparentOf('f') };
      await deliver({ ...behaviour, headers, handle });
      expect(endedAs('handled').parentSpanContext).toMatchObject({ traceId: TRACE, spanId: 'c'.repeat(16) });
    });

    it.each([
      ['a message', { parse: () => ({ recordId: RECORD, deliveryAttempt: 3, traceparent: traceparentOf('c') }) }],
      ['a task', { headers: { [TRACE_HEADER]: traceparentOf('c'), 'x-cloudtasks-taskretrycount': '2' } }],
    ])('counts its attempts: %s', async (_, behaviour) => {
      await deliver({ ...behaviour, handle });
      expect(endedAs('handled').attributes).toMatchObject({ 'report.delivery_attempt': 3 });
    });
  });

  it.each([
    ['handled', {}],
    ['to come again', failing(transient)],
    ['given up', failing(permanent)],
  ])('has its spans sent before it is answered: %s', async (_, behaviour) => {
    const { flushes } = await deliver(behaviour);
    expect(flushes).toEqual([1]);
  });
});
