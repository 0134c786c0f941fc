import type { Cost } from './cost.ts';
import type { Failure } from './errors.ts';

/** QUEUED → QUERYING → WRITING → COMPLETED, or FAILED, or CANCELLED; a COMPLETED record later becomes EXPIRED. */
export const STATUSES = ['QUEUED', 'QUERYING', 'WRITING', 'COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'] as const;
export type Status = (typeof STATUSES)[number];

/** Statuses that are announced by events, see shared/notification. */
export const TERMINAL_STATUSES = ['COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'] as const satisfies readonly Status[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

export const LOCALES = ['en', 'zh-TW', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];

/** A text in every language that the center supports. */
export type Localized = Readonly<Record<Locale, string>>;

/** The progress of one source. `expectedRows` is the server's estimate, for progress only. */
export interface SourceProgress {
  table: string;
  stage: number;
  status: 'WAITING' | 'QUERYING' | 'DONE';
  rows: number;
  expectedRows?: number;
  bytes?: number;
  /** When the database snapshot that the rows come from was taken. */
  dataAsOf?: Date;
  /** The duration of the attempt that found the rows. */
  seconds?: number;
}

/** The finished file. `crc32c` is base64 of the big-endian checksum, as Cloud Storage reports it. */
export interface ReportFile {
  fileAddress: string;
  rows: number;
  bytes: number;
  crc32c: string;
}

/** One requested file, from request to expiry. Times are UTC with milliseconds; `sources` is keyed by source name. */
export interface FileDownloadRecord {
  id: string;
  /** The admin system that sent the request. */
  source: string;
  report: string;
  definitionVersion: number;
  /** md5 of what makes two requests the same, see conditions-key.ts. */
  conditionsKey: string;
  conditions: unknown;
  format: 'csv';
  locale: Locale;
  departmentId: string;
  adminId: string;
  /** Sensitive columns that are masked in the file, as `<table>.<column>`. */
  masked: readonly string[];
  status: Status;
  history: { status: Status; at: Date }[];
  createdAt: Date;
  /** When the record reached its first terminal status; for a reused file, when the file was completed. */
  completedAt?: Date;
  /** The current stage, counted from 0. */
  stage: number;
  sources: Record<string, SourceProgress>;
  /**
   * Fencing token. It increases each time an aggregator takes the record to write it; only its holder may complete the
   * record.
   */
  token: number;
  file?: ReportFile;
  failure?: Failure;
  /** The estimated cost of making the file; set with COMPLETED. Records from before estimates were made have none. */
  cost?: Cost;
  /** When the file expires; set with COMPLETED. */
  expiresAt?: Date;
  /** The record whose file this one shares: a colleague with the same rights made the same request shortly before. */
  reusedFrom?: string;
  /** An unfinished record fails after this time. */
  deadline: Date;
  /** When the sweeper must process the record next. */
  sweepAt: Date;
  /** Whether parts or abandoned files may still be in storage. */
  leftovers: boolean;
  /** Terminal statuses that the record entered and whose events have not been published yet, earliest first. */
  unannounced: TerminalStatus[];
}

export function isTerminal(status: Status): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly Status[]).includes(status);
}

/** Returns whether the record is active, that is, holds its admin's lock. */
export function isActive(record: FileDownloadRecord): boolean {
  return !isTerminal(record.status);
}

/**
 * Returns the owner of the lock. Admins are locked per asking system: admin 7 of one portal is not admin 7 of another.
 */
export function lockOwner(record: Pick<FileDownloadRecord, 'source' | 'adminId'>): string {
  return `${record.source}/${record.adminId}`;
}
