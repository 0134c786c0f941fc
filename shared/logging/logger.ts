import { trace } from '@opentelemetry/api';
import pino, { type Logger as PinoLogger } from 'pino';
import { traceId } from '../domain/names.ts';

export type Logger = PinoLogger;

/**
 * Cloud Logging's names of the severities.
 * https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity
 */
const SEVERITIES: Record<string, string> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * Creates a logger that writes JSON lines to stdout in the format that Cloud Logging parses: `severity`, `message`,
 * `time`, the trace's resource name. Each line is written before the call returns: pino's default is to write later,
 * which loses lines when a process is killed and lets a fatal line overtake others.
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

/**
 * Returns the fields that link a line to the trace of its request (W3C traceparent). The platform's own line about that
 * request has the same fields.
 */
export function requestContext(projectId: string, traceparent: string): Record<string, string> {
  const [, id] = TRACEPARENT.exec(traceparent) ?? [];
  return id === undefined ? {} : { [TRACE]: traceName(projectId, id) };
}

/**
 * Returns the fields that link a line to a record and to the trace of its export, whether or not that trace is kept.
 */
export function recordContext(projectId: string, recordId: string): Record<string, string> {
  return { recordId, [TRACE]: traceName(projectId, traceId(recordId)) };
}

const TRACE = 'logging.googleapis.com/trace';

const traceName = (projectId: string, id: string) => `projects/${projectId}/traces/${id}`;

/** Returns the field that links a line to the active span. */
function spanContext(): Record<string, string> {
  const span = trace.getActiveSpan();
  return span ? { 'logging.googleapis.com/spanId': span.spanContext().spanId } : {};
}

/**
 * Returns an error's type, message, code, stack and causes, and none of its other properties: clients attach the
 * command they sent, including passwords and rows.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  return { type, message, ...code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
