import type { HttpFunction, Request } from '@google-cloud/functions-framework';
import type { JWTPayload } from 'jose';
import { isPermanent, ReportError } from '../domain/errors.ts';
import { type Logger, logContext } from '../logging/logger.ts';
import { inTrace } from '../logging/trace-scope.ts';
import { Problem, sendProblem } from './problem.ts';
import { traceparentOf } from './router.ts';

/** What ties a delivery to its record and trace, for the log. */
export interface DeliveryContext {
  recordId?: string | undefined;
  traceparent?: string | undefined;
  /** Pub/Sub's count, from 1; it comes where there is a dead-letter policy. */
  deliveryAttempt?: number | undefined;
}

/** A delivery that failed for the moment. Not 429 or 503: these make Cloud Tasks slow the whole queue. */
const DELIVER_AGAIN = 500;

/**
 * An HTTP function that Google's services call: Pub/Sub, Cloud Tasks, Cloud Scheduler. Takes calls with an OIDC token of `serviceAccountEmail` alone. `parse` turns the body
 * into work; what it cannot make sense of now it will not later, so it is acknowledged and logged, as is a permanent fault of `handle`. Any other is answered so that it comes again.
 */
export function internalFunction<T extends DeliveryContext>(
  options: {
    verify: (authorization: string | undefined) => Promise<JWTPayload>;
    serviceAccountEmail: string;
    projectId: string;
    logger: Logger;
  },
  parse: (body: unknown) => T,
  handle: (work: T, log: Logger) => Promise<void>,
): HttpFunction {
  const { verify, serviceAccountEmail, projectId, logger } = options;
  return async (request, response) => {
    const traceparent = traceparentOf(request);
    let log = logger.child(logContext(projectId, traceparent));
    try {
      const { email, email_verified: verified } = await verify(request.get('authorization'));
      if (email !== serviceAccountEmail || verified !== true) throw new Problem('wrong-account');
      const work = parse(request.body);
      const trace = work.traceparent ?? traceparent;
      log = logger.child(logContext(projectId, trace, work.recordId));
      const retries = work.deliveryAttempt === undefined ? taskRetries(request) : work.deliveryAttempt - 1;
      if (retries > 0) log.info({ retries }, 'redelivered');
      await inTrace(logContext(projectId, trace), () => handle(work, log));
      response.status(204).end();
    } catch (error) {
      if (error instanceof Problem) sendProblem(response, error, log, 'en');
      else if (isPermanent(error)) {
        log.error({ err: error }, 'given up');
        response.status(204).end();
      } else {
        log.warn({ err: error, busy: error instanceof ReportError && error.code === 'BUSY' }, 'to be delivered again');
        response.status(DELIVER_AGAIN).end();
      }
    }
  };
}

/** How often Cloud Tasks tried before. https://cloud.google.com/tasks/docs/creating-http-target-tasks#handler */
function taskRetries(request: Request): number {
  return Number(request.get('x-cloudtasks-taskretrycount') ?? 0);
}
