import { trace } from '@opentelemetry/api';
import pino, { type Logger as PinoLogger } from 'pino';
import { traceId } from '../domain/names.ts';

export type Logger = PinoLogger;

/** Cloud Logging's names for the severities. https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity */
const SEVERITIES: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * JSON lines on stdout in the form that Cloud Logging takes apart: `severity`, `message`, `time`, the trace's resource name. Each is written before the call
 * returns: pino's own way would write later, lose lines with a process that is killed, and let a fatal one overtake others.
 */
export function createLogger(functionName: string): Logger {
  return pino(
    {
      base: { function: functionName },
      messageKey: 'message',
      serializers: { err: describeError },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: spanContext,
      formatters: { level: (label) => ({ severity: SEVERITIES[label] ?? 'DEFAULT' }) },
    },
    pino.destination({ dest: 1, sync: true }),
  );
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The fields that tie a line to the trace of the request that it is about (W3C traceparent): the platform's own line about that request has the same. */
export function requestContext(projectId: string, traceparent: string): Record<string, string> {
  const [, id] = TRACEPARENT.exec(traceparent) ?? [];
  return id === undefined ? {} : { [TRACE]: traceName(projectId, id) };
}

/** The fields that tie a line to a record and to the trace of its export, whether or not that is kept. */
export function recordContext(projectId: string, recordId: string): Record<string, string> {
  return { recordId, [TRACE]: traceName(projectId, traceId(recordId)) };
}

const TRACE = 'logging.googleapis.com/trace';

const traceName = (projectId: string, id: string) => `projects/${projectId}/traces/${id}`;

/** The field that ties a line to the span in which it is written. */
function spanContext(): Record<string, string> {
  const span = trace.getActiveSpan();
  return span ? { 'logging.googleapis.com/spanId': span.spanContext().spanId } : {};
}

/** Of an error what it is, and nothing of what hangs on it: clients attach the command they sent, with passwords and rows in it. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  return { type, message, ...code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
