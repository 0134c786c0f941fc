import type { HttpFunction, Request } from '@google-cloud/functions-framework';
import { context } from '@opentelemetry/api';
import { isPermanent, ReportError } from '../domain/errors.ts';
import { type Logger, recordContext, requestContext } from '../logging/logger.ts';
import type { Tracing } from '../ports/tracing.ts';
import { extractTraceContext, TRACE_HEADER } from '../tracing/export-trace.ts';
import { ofDelivery } from '../tracing/spans.ts';
import { Problem, sendProblem } from './problem.ts';
import { traceparentOf } from './router.ts';

/** What ties a delivery to its record and to the span that it was sent in. */
export interface DeliveryContext {
  recordId?: string | undefined;
  /** What a message carries as an attribute; a task does so in a header. */
  traceparent?: string | undefined;
  /** Pub/Sub's count, from 1; it comes where there is a dead-letter policy. */
  deliveryAttempt?: number | undefined;
}

/** A delivery that failed for the moment. Not 429 or 503: these make Cloud Tasks slow the whole queue. */
const DELIVER_AGAIN = 500;

/** For spans to be sent before a delivery is answered: after that, an instance has no processor until it is called again. */
const TRACE_PATIENCE_MS = 2000;

/**
 * An HTTP function that Google's services call: Pub/Sub, Cloud Tasks, Cloud Scheduler. `parse` turns the body
 * into work; what it cannot make sense of now it will not later, so it is acknowledged and logged, as is a permanent fault of `handle`. Any other is answered so that it comes again.
 */
export function internalFunction<T extends DeliveryContext>(
  options: {
    /** Throws a Problem for a call that is not the invoker's. */
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

/** Which attempt a task's delivery is. https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler */
function attemptOf(request: Request): number {
  return Number(request.get('x-cloudtasks-taskretrycount') ?? 0) + 1;
}
