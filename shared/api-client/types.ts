/** What the API takes and answers. Instants are ISO 8601 in UTC. */

export type Locale = 'en' | 'zh-TW' | 'zh-CN';

export type Titles = Readonly<Record<Locale, string>>;

export type Status = 'QUEUED' | 'QUERYING' | 'WRITING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'EXPIRED';

/** Whose records: one's own, one's department's, everybody's of the same asking system. */
export type Scope = 'own' | 'department' | 'all';

export interface SourceProgress {
  table: string;
  /** Counted from 0. */
  stage: number;
  status: 'WAITING' | 'QUERYING' | 'DONE';
  rows: number;
  /** The database's estimate. */
  expectedRows?: number;
  bytes?: number;
  dataAsOf?: string;
}

export interface Failure {
  code: string;
  message: string;
  sources?: { source: string; table: string; error?: string }[];
}

export interface DownloadRecord {
  id: string;
  /** The admin system that asked. */
  source: string;
  report: string;
  definitionVersion: number;
  conditionsKey: string;
  conditions: Record<string, unknown>;
  format: string;
  locale: Locale;
  departmentId: string;
  adminId: string;
  status: Status;
  history: { status: Status; at: string }[];
  createdAt: string;
  completedAt?: string;
  /** The stage under way, counted from 0. */
  stage: number;
  sources: Record<string, SourceProgress>;
  failure?: Failure;
  expiresAt?: string;
  reusedFrom?: string;
  fileAddress?: string;
  rows?: number;
  bytes?: number;
  crc32c?: string;
}

/** What is asked for; whatever is left out has the API's default. */
export interface DownloadRequest {
  report: string;
  conditions: unknown;
  format?: string;
  locale?: string;
  /** Run again although there is a fresh file. */
  refresh?: boolean;
}

/** What a request would come to: a new record, the one under way, one with a fresh file, or a refusal because of another one under way. */
export type RequestCheck = { outcome: 'new' } | { outcome: 'running' | 'reusable' | 'locked'; record: DownloadRecord };

export interface DownloadFilter {
  scope?: Scope;
  status?: Status;
  report?: string;
  pageSize?: number;
}

export interface DownloadQuery extends DownloadFilter {
  pageToken?: string;
}

/** Newest first. */
export interface DownloadPage {
  downloads: DownloadRecord[];
  nextPageToken?: string;
}

export interface FileLink {
  /** Signed: whoever has it has the file. */
  url: string;
  fileName: string;
  expiresInSeconds: number;
}

export interface Preview {
  columns: string[];
  rows: string[][];
  /** Whether the file has more rows than these. */
  truncated: boolean;
}

export interface ReportDescription {
  id: string;
  version: number;
  title: Titles;
  formats: string[];
  /** JSON Schema (2020-12) of an object. */
  conditions: Readonly<Record<string, unknown>>;
  example: Readonly<Record<string, unknown>>;
  columns: { name: string; title: Titles }[];
  reuseForSeconds: number;
}

export interface Session {
  adminId: string;
  departmentId: string;
  roles: string[];
  source: string;
  scopes: Scope[];
  expiresAt: string;
}

const ENDED: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'];

/** Whether nothing will be done for the record any more; an expiry may still follow. */
export function isFinished({ status }: Pick<DownloadRecord, 'status'>): boolean {
  return ENDED.includes(status);
}
