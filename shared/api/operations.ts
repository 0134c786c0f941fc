import { z } from 'zod';
import type { ProblemCode } from './problem-types.ts';
import {
  CheckResult,
  CreateOrder,
  DownloadList,
  DownloadRecord,
  FileLink,
  FileQuery,
  HandOver,
  ListQuery,
  Preview,
  ReportList,
  Session,
  WatchQuery,
} from './schemas.ts';

/** One operation of the API. */
export interface Operation {
  id: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** In OpenAPI's notation: `/v1/downloads/{id}`. */
  path: string;
  summary: string;
  /**
   * The function that serves the operation; download-center if absent. The load balancer routes the paths of the origin
   * in the same way.
   */
  servedBy?: 'create-report';
  /** Requires no token. */
  open?: true;
  /** Orders a report: accepts an Idempotency-Key, and counts against a separate allowance. */
  isOrder?: true;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** A form body instead of JSON. */
  form?: z.ZodType;
  /** The answers by status; a string describes an answer that is not JSON. */
  answers: Readonly<Record<number, z.ZodType | string>>;
  /** The problems besides those that every operation may be answered with. */
  problems: readonly ProblemCode[];
}

const RECORD = '/v1/downloads/{id}';
const asking = ['invalid-request', 'malformed-json', 'body-too-large', 'report-not-permitted'] as const;
const opening = ['no-such-record', 'no-file', 'rights-changed'] as const;

const operations = <T extends Record<string, Omit<Operation, 'id'>>>(all: T) =>
  Object.fromEntries(Object.entries(all).map(([id, operation]) => [id, { ...operation, id }])) as {
    [K in keyof T]: T[K] & { id: string };
  };

/** Every operation of the API. A function's route combines one of these with a handler; openapi.ts describes them. */
export const OPERATIONS = operations({
  createDownload: {
    method: 'POST',
    path: '/v1/downloads',
    summary: 'Ask for a report',
    servedBy: 'create-report',
    isOrder: true,
    body: CreateOrder,
    answers: { 202: DownloadRecord, 200: DownloadRecord },
    problems: [...asking, 'invalid-idempotency-key', 'locked', 'idempotency-key-reused'],
  },
  checkDownload: {
    method: 'POST',
    path: '/v1/downloads:check',
    summary: 'What asking would do; nothing is kept, and a file is not looked for in storage',
    servedBy: 'create-report',
    body: CreateOrder,
    answers: { 200: CheckResult },
    problems: asking,
  },
  retryDownload: {
    method: 'POST',
    path: `${RECORD}:retry`,
    summary: 'Ask the same again, as a new record',
    servedBy: 'create-report',
    isOrder: true,
    answers: { 202: DownloadRecord, 200: DownloadRecord },
    problems: [
      'no-such-record',
      'not-own',
      'still-active',
      'invalid-request',
      'report-not-permitted',
      'invalid-idempotency-key',
      'locked',
      'idempotency-key-reused',
    ],
  },
  listDownloads: {
    method: 'GET',
    path: '/v1/downloads',
    summary: 'Records, newest first',
    query: ListQuery,
    answers: { 200: DownloadList },
    problems: ['invalid-request', 'scope-not-permitted'],
  },
  watchDownloads: {
    method: 'GET',
    path: '/v1/downloads:watch',
    summary: "The list's first page, then every record of the scope that changes (Server-Sent Events)",
    query: WatchQuery,
    answers: { 200: 'text/event-stream' },
    problems: ['invalid-request', 'scope-not-permitted'],
  },
  getDownload: {
    method: 'GET',
    path: RECORD,
    summary: 'A record',
    answers: { 200: DownloadRecord, 304: 'not modified' },
    problems: ['no-such-record'],
  },
  cancelDownload: {
    method: 'POST',
    path: `${RECORD}:cancel`,
    summary: 'End a record; its queries are killed',
    answers: { 200: DownloadRecord },
    problems: ['no-such-record', 'not-own', 'already-finished'],
  },
  getFile: {
    method: 'GET',
    path: `${RECORD}/file`,
    summary: 'A signed URL of the file, for some minutes',
    query: FileQuery,
    answers: { 200: FileLink, 302: 'to the signed URL' },
    problems: [...opening, 'invalid-request'],
  },
  previewFile: {
    method: 'GET',
    path: `${RECORD}/preview`,
    summary: "The file's first rows",
    answers: { 200: Preview },
    problems: opening,
  },
  listReports: {
    method: 'GET',
    path: '/v1/reports',
    summary: 'The catalogue: what the person may ask for',
    answers: { 200: ReportList },
    problems: [],
  },
  startSession: {
    method: 'POST',
    path: '/session',
    summary: "Hand a person's session over, by a form of the admin portal's: the cookie is set",
    open: true,
    form: HandOver,
    answers: { 303: 'to the page' },
    problems: ['cross-site', 'invalid-request', 'body-too-large', 'no-token', 'bad-token', 'bad-claim'],
  },
  getSession: {
    method: 'GET',
    path: '/v1/session',
    summary: 'Who one is, and whose records one may read',
    answers: { 200: Session },
    problems: [],
  },
  endSession: {
    method: 'DELETE',
    path: '/v1/session',
    summary: 'Sign out: the cookie goes',
    open: true,
    answers: { 204: 'signed out' },
    problems: ['cross-site'],
  },
  getOpenApi: {
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This description',
    open: true,
    answers: { 200: z.looseObject({ openapi: z.string() }) },
    problems: [],
  },
} as const satisfies Record<string, Omit<Operation, 'id'>>);

/** The problems that every operation may be answered with, followed by those of operations that require a token. */
export const COMMON_PROBLEMS = ['internal', 'unavailable'] as const satisfies readonly ProblemCode[];
export const TOKEN_PROBLEMS = [
  'no-token',
  'bad-token',
  'bad-claim',
  'cross-site',
  'rate-limited',
] as const satisfies readonly ProblemCode[];
