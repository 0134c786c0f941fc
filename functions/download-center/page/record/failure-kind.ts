import type { Texts } from '../texts/en.ts';

export type FailureKind = Exclude<keyof Texts['failure'], 'heading' | 'technical' | 'sourceList'>;

/** What a failure's code means to the person who made the request. */
const KINDS: ReadonlyMap<string, FailureKind> = new Map(
  Object.entries<FailureKind>({
    SOURCES_MISSING: 'sourcesMissing',
    DEADLINE_EXCEEDED: 'deadline',
    DEFINITION_CHANGED: 'definitionChanged',
    QUERY_REFUSED: 'refused',
    DATABASE_UNAVAILABLE: 'unavailable',
    ROW_TOO_LARGE: 'rowTooLarge',
    JOIN_FAILED: 'reportFault',
    BAD_KEY: 'reportFault',
    TABLE_REPLACED: 'reportFault',
    NO_QUERY: 'reportFault',
    COLUMNS_DIFFER: 'reportFault',
    REPEATED_COLUMN: 'reportFault',
    UNSUPPORTED_COLUMN: 'reportFault',
    RESULT_DAMAGED: 'damaged',
    ROWS_DISAGREE: 'damaged',
    CHECKSUM_MISMATCH: 'damaged',
  }),
);

/** Failures that the same request would meet again until someone has fixed their cause. */
const LASTING: ReadonlySet<FailureKind> = new Set(['refused', 'reportFault', 'rowTooLarge']);

/** Returns whether retrying is the right next step. */
export function isWorthRetrying(code: string): boolean {
  return !LASTING.has(failureKind(code));
}

export function failureKind(code: string): FailureKind {
  return KINDS.get(code) ?? 'other';
}
