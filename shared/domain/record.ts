import type { Cost } from './cost.ts';
import type { Failure } from './errors.ts';

/** QUEUED → QUERYING → WRITING → COMPLETED, or FAILED, or CANCELLED; a COMPLETED record later becomes EXPIRED. */
export const STATUSES = ['QUEUED', 'QUERYING', 'WRITING', 'COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'] as const;
export type Status = (typeof STATUSES)[number];

/** Statuses that the world is told of: see shared/notification. */
export const TERMINAL_STATUSES = ['COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'] as const satisfies readonly Status[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

export const LOCALES = ['en', 'zh-TW', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];

/** A text in every language the center speaks. */
export type Localized = Readonly<Record<Locale, string>>;

/** How far one source has come. `expectedRows` is the server's estimate, for progress only. */
export interface SourceProgress {
  table: string;
  stage: number;
  status: 'WAITING' | 'QUERYING' | 'DONE';
  rows: number;
  expectedRows?: number;
  bytes?: number;
  /** When the database's snapshot was taken that the rows come from. */
  dataAsOf?: Date;
  /** How long the attempt took that found the rows. */
  seconds?: number;
}

/** The finished file. `crc32c` is base64 of the big-endian checksum, as Cloud Storage states it. */
export interface ReportFile {
  fileAddress: string;
  rows: number;
  bytes: number;
  crc32c: string;
}

/** One asked-for file, from request to expiry. Instants are UTC with milliseconds; `sources` is keyed by the source's name. */
export interface FileDownloadRecord {
  id: string;
  /** The admin system that asked. */
  source: string;
  report: string;
  definitionVersion: number;
  /** md5 of what makes two requests the same request, see conditions-key.ts. */
  conditionsKey: string;
  conditions: unknown;
  format: 'csv';
  locale: Locale;
  departmentId: string;
  adminId: string;
  /** Sensitive columns that the file shows masked, as `<table>.<column>`. */
  masked: readonly string[];
  status: Status;
  history: { status: Status; at: Date }[];
  createdAt: Date;
  /** When the record reached its first terminal status; of a reused file: when the file was completed. */
  completedAt?: Date;
  /** The stage under way, counted from 0. */
  stage: number;
  sources: Record<string, SourceProgress>;
  /** Fencing token: grows each time an aggregator takes the record to write it; only its holder may complete it. */
  token: number;
  file?: ReportFile;
  failure?: Failure;
  /** What making the file cost, an estimate; set with COMPLETED. Records from before it was estimated have none. */
  cost?: Cost;
  /** When the file goes; set with COMPLETED. */
  expiresAt?: Date;
  /** The record whose file this one shares: a colleague with the same rights asked the same shortly before. */
  reusedFrom?: string;
  /** Past this instant an unfinished record is failed. */
  deadline: Date;
  /** When the sweeper has to look at the record next. */
  sweepAt: Date;
  /** Whether parts or abandoned files may still lie in storage. */
  leftovers: boolean;
  /** Terminal statuses entered of which no event has been published yet, the earliest first. */
  unannounced: TerminalStatus[];
}

export function isTerminal(status: Status): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly Status[]).includes(status);
}

/** An active record holds its admin's lock. */
export function isActive(record: FileDownloadRecord): boolean {
  return !isTerminal(record.status);
}

/** Admins are locked per asking system: admin 7 of one portal is not admin 7 of another. */
export function lockOwner(record: Pick<FileDownloadRecord, 'source' | 'adminId'>): string {
  return `${record.source}/${record.adminId}`;
}
