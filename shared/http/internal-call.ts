import type { HttpFunction, Request } from '@google-cloud/functions-framework';
import { context } from '@opentelemetry/api';
import { isPermanent, ReportError } from '../domain/errors.ts';
import { type Logger, recordContext, requestContext } from '../logging/logger.ts';
import type { Tracing } from '../ports/tracing.ts';
import { extractTraceContext, TRACE_HEADER } from '../tracing/export-trace.ts';
import { ofDelivery } from '../tracing/spans.ts';
import { Problem, sendProblem } from './problem.ts';
import { traceparentOf } from './router.ts';

/** Links a delivery to its record and to the span that sent it. */
export interface DeliveryContext {
  recordId?: string | undefined;
  /** From the attribute of a message; a task carries it in a header. */
  traceparent?: string | undefined;
  /** Pub/Sub's delivery count, from 1; present if there is a dead-letter policy. */
  deliveryAttempt?: number | undefined;
}

/**
 * The answer to a delivery that failed temporarily. Not 429 or 503, which make Cloud Tasks slow down the whole queue.
 */
const DELIVER_AGAIN = 500;

/**
 * How long the answer to a delivery may be delayed to send spans: after the answer, an instance has no CPU until its
 * next call.
 */
const TRACE_PATIENCE_MS = 2000;

/**
 * Returns an HTTP function that Google's services call: Pub/Sub, Cloud Tasks, Cloud Scheduler. `parse` converts the
 * body into work. A body that it rejects would be rejected again, so the delivery is acknowledged and logged, as after
 * a permanent fault of `handle`. After any other fault, the answer causes another delivery.
 */
export function internalFunction<T extends DeliveryContext>(
  options: {
    /** Throws a Problem if the invoker did not send the call. */
    verify: (authorization: string | undefined) => Promise<void>;
    projectId: string;
    logger: Logger;
    tracing: Tracing;
  },
  parse: (body: unknown) => T,
  handle: (work: T, log: Logger) => Promise<void>,
): HttpFunction {
  const { verify, projectId, logger, tracing } = options;
  return async (request, response) => {
    const since = new Date();
    let log = logger.child(requestContext(projectId, traceparentOf(request)));
    const answer = async (status: number) => {
      await tracing.flush(TRACE_PATIENCE_MS);
      response.status(status).end();
    };
    try {
      await verify(request.get('authorization'));
      const work = parse(request.body);
      if (work.recordId !== undefined) log = logger.child(recordContext(projectId, work.recordId));
      const attempt = work.deliveryAttempt ?? attemptOf(request);
      if (attempt > 1) log.info({ retries: attempt - 1 }, 'redelivered');
      await tracing.ready();
      const parent = extractTraceContext(work.traceparent ?? request.get(TRACE_HEADER));
      await context.with(ofDelivery(parent, { since, attempt }), () => handle(work, log));
      await answer(204);
    } catch (error) {
      if (error instanceof Problem) {
        log.warn({ code: error.code }, 'call refused');
        sendProblem(response, error, log, 'en');
      } else if (isPermanent(error)) {
        log.error({ err: error }, 'given up');
        await answer(204);
      } else {
        log.warn({ err: error, busy: error instanceof ReportError && error.code === 'BUSY' }, 'to be delivered again');
        await answer(DELIVER_AGAIN);
      }
    }
  };
}

/**
 * Returns the number of a task's attempt, from 1.
 * https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler
 */
function attemptOf(request: Request): number {
  return Number(request.get('x-cloudtasks-taskretrycount') ?? 0) + 1;
}
