/**
 * Why a record failed: `message` is for the user, `code` for programs, and `sources` names those missing or at fault.
 */
export interface Failure {
  code: string;
  message: string;
  sources?: { source: string; table: string; error?: string }[];
}

/** What a fault means for the delivery of the work: a `transient` fault is retried, a `permanent` one never. */
export type FaultKind = 'transient' | 'permanent';

interface ReportErrorOptions {
  kind: FaultKind;
  recordId?: string;
  cause?: unknown;
}

/** An error of this project: a stable code, whether a retry may help, the record it belongs to, and the cause. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
  readonly code: string;
  readonly kind: FaultKind;
  readonly recordId: string | undefined;

  constructor(code: string, message: string, options: ReportErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.kind = options.kind;
    this.recordId = options.recordId;
  }
}

/** Returns the error that another attempt is working on the same thing; it must be delivered again later. */
export function busy(what: string, recordId: string): ReportError {
  return new ReportError('BUSY', `${what} is in work elsewhere`, { kind: 'transient', recordId });
}

export function isPermanent(error: unknown): boolean {
  return error instanceof ReportError && error.kind === 'permanent';
}

/**
 * Returns the message of anything thrown, as text that a store accepts: a truncated message may end in half a
 * character.
 */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).toWellFormed();
}

/** Returns what a record states about the error that ended it. */
export function failureOf(error: unknown): Failure {
  return { code: error instanceof ReportError ? error.code : 'INTERNAL', message: reasonOf(error) };
}
