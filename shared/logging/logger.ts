import pino, { type Logger as PinoLogger } from 'pino';

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
      formatters: { level: (label) => ({ severity: SEVERITIES[label] ?? 'DEFAULT' }) },
    },
    pino.destination({ dest: 1, sync: true }),
  );
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The fields that tie a line to its record and to the trace it belongs to (W3C traceparent). */
export function logContext(
  projectId: string,
  traceparent: string | undefined,
  recordId?: string,
): Record<string, string> {
  const [, trace, span] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  return {
    ...(recordId === undefined ? {} : { recordId }),
    ...(trace && span
      ? {
          'logging.googleapis.com/trace': `projects/${projectId}/traces/${trace}`,
          'logging.googleapis.com/spanId': span,
        }
      : {}),
  };
}

/** Of an error what it is, and nothing of what hangs on it: clients attach the command they sent, with passwords and rows in it. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name: type, message, stack, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  return { type, message, ...code, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}
