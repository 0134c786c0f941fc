import type { z } from 'zod';
import type * as schemas from '../api/schemas.ts';
import type { Locale } from '../domain/record.ts';
import type { Scope } from '../domain/rights.ts';

/**
 * The input and output of the API, derived from the schemas that validate them. Imports types only: none of the
 * schemas' code is included.
 */

export type { Locale, Scope };
export type Titles = Readonly<Record<Locale, string>>;
export type DownloadRecord = z.output<typeof schemas.DownloadRecord>;
export type Status = DownloadRecord['status'];
export type SourceProgress = DownloadRecord['sources'][string];
export type Failure = NonNullable<DownloadRecord['failure']>;
export type RequestCheck = z.output<typeof schemas.CheckResult>;
export type DownloadPage = z.output<typeof schemas.DownloadList>;
export type FileLink = z.output<typeof schemas.FileLink>;
export type Preview = z.output<typeof schemas.Preview>;
export type ReportDescription = z.output<typeof schemas.ReportDescription>;
export type Session = z.output<typeof schemas.Session>;

/** A request for a report. Omitted fields have the API's defaults. The API validates the values. */
export interface DownloadRequest {
  report: string;
  conditions: unknown;
  format?: string;
  locale?: string;
  /** Run again even if there is a fresh file. */
  refresh?: boolean;
}

export interface DownloadFilter {
  scope?: Scope;
  status?: Status;
  report?: string;
  pageSize?: number;
}

export interface DownloadQuery extends DownloadFilter {
  pageToken?: string;
}

const ENDED: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'];

/** Returns whether processing of the record has ended; it may still expire. */
export function isFinished({ status }: Pick<DownloadRecord, 'status'>): boolean {
  return ENDED.includes(status);
}
