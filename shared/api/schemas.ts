import { z } from 'zod';
import { LOCALES, STATUSES } from '../domain/record.ts';
import { SCOPES } from '../domain/rights.ts';
import { PROBLEM_TYPES, type ProblemCode } from './problem-types.ts';

/**
 * The input and output of the API. The same schemas validate requests, describe the API (openapi.ts) and type its
 * client.
 */

const instant = z.iso.datetime().meta({ description: 'UTC, with milliseconds' });
const count = z.int().nonnegative();
const Localized = z.object(Object.fromEntries(LOCALES.map((locale) => [locale, z.string()])) as LocalizedShape);
type LocalizedShape = Record<(typeof LOCALES)[number], z.ZodString>;

export const CreateOrder = z
  .strictObject({
    report: z.string().meta({ description: 'The id of a report in the catalogue', example: 'withdrawals-by-user-tag' }),
    conditions: z.record(z.string(), z.unknown()).meta({
      description: "By the report's own JSON Schema",
      example: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
    }),
    format: z.literal('csv').default('csv'),
    locale: z.enum(LOCALES).default('en').meta({ description: "The language of the file's headers" }),
    refresh: z.boolean().default(false).meta({ description: 'Run again, even if there is a fresh file' }),
  })
  .meta({ id: 'CreateOrder' });

export const RecordId = z
  .string()
  .meta({ description: 'Sortable by time, unguessable', example: '01a206a0-1739-75bc-9a68-cb6e71d7b1a0' });

const SourceProgress = z.object({
  table: z.string(),
  stage: count,
  status: z.enum(['WAITING', 'QUERYING', 'DONE']),
  rows: count,
  expectedRows: count.optional().meta({ description: "The database's estimate" }),
  bytes: count.optional(),
  dataAsOf: instant.optional().meta({ description: "When the database's snapshot was taken" }),
  seconds: z.number().nonnegative().optional().meta({ description: 'How long the attempt took that found the rows' }),
});

const Failure = z.object({
  code: z.string().meta({ example: 'SOURCES_MISSING' }),
  message: z.string().optional().meta({ description: 'For the asker; for others only if no condition is withheld' }),
  sources: z.array(z.object({ source: z.string(), table: z.string(), error: z.string().optional() })).optional(),
});

const usd = z
  .string()
  .regex(/^\d+\.\d{9}$/)
  .meta({ description: 'US dollars', example: '0.000412345' });

const Cost = z
  .object({
    pricesOf: z.iso.date().meta({ description: 'Date of the list prices' }),
    queries: usd,
    aggregate: usd,
    redis: usd,
    storage: usd,
    operations: usd,
    total: usd.meta({ description: 'The sum of the five before it' }),
    download: z
      .object({ sameRegion: usd, worldwide: usd, china: usd, australia: usd })
      .meta({ description: 'What one download costs by where it goes; not in the total' }),
  })
  .meta({ description: 'What making the file cost: an estimate at list prices. Nothing, of a file that was shared' });

export const DownloadRecord = z
  .object({
    id: RecordId,
    source: z.string().meta({ description: 'The admin system that asked' }),
    report: z.string(),
    definitionVersion: z.int(),
    conditionsKey: z
      .string()
      .optional()
      .meta({ description: 'For the asker; for others only if no condition is withheld' }),
    conditions: z.unknown().meta({ description: 'To others than the asker, without those about sensitive columns' }),
    conditionsWithheld: z
      .literal(true)
      .optional()
      .meta({ description: 'That there are conditions which whoever reads this may not see' }),
    format: z.literal('csv'),
    locale: z.enum(LOCALES),
    departmentId: z.string(),
    adminId: z.string(),
    masked: z
      .array(z.string())
      .meta({ description: 'Columns that the file shows masked', example: ['plt_fund.vs_withdraw.phone'] }),
    status: z.enum(STATUSES),
    history: z.array(z.object({ status: z.enum(STATUSES), at: instant })),
    createdAt: instant,
    completedAt: instant.optional(),
    stage: count,
    sources: z.record(z.string(), SourceProgress),
    failure: Failure.optional(),
    cost: Cost.optional(),
    expiresAt: instant.optional(),
    reusedFrom: RecordId.optional(),
    fileAddress: z.string().optional(),
    openable: z
      .boolean()
      .optional()
      .meta({ description: 'Where there is a file: whether it shows nothing that whoever reads this may not see' }),
    rows: count.optional(),
    bytes: count.optional(),
    crc32c: z.string().optional().meta({ description: 'base64, big-endian' }),
  })
  .meta({ id: 'DownloadRecord' });

export const ListQuery = z.strictObject({
  scope: z.enum(SCOPES).default('own'),
  status: z.enum(STATUSES).optional(),
  report: z.string().optional(),
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
  pageToken: z.uuid().optional(),
});

export const WatchQuery = ListQuery.omit({ pageToken: true });

export const FileQuery = z.object({
  redirect: z.enum(['true', 'false']).default('true').meta({ description: 'false: the URL as JSON' }),
});

export const DownloadList = z
  .object({ downloads: z.array(DownloadRecord), nextPageToken: z.string().optional() })
  .meta({ id: 'DownloadList' });

export const CheckResult = z
  .object({
    outcome: z.enum(['new', 'running', 'reusable', 'locked']),
    record: DownloadRecord.optional().meta({
      description: "The one that runs, could be handed out, or holds the lock; only if it is the person's own",
    }),
    completedAt: instant.optional().meta({ description: 'When the file was completed that could be handed out' }),
  })
  .meta({ id: 'CheckResult' });

export const FileLink = z
  .object({ url: z.url(), fileName: z.string(), expiresInSeconds: z.int() })
  .meta({ id: 'FileLink' });

export const Preview = z
  .object({ columns: z.array(z.string()), rows: z.array(z.array(z.string())), truncated: z.boolean() })
  .meta({ id: 'Preview' });

export const ReportDescription = z
  .object({
    id: z.string(),
    version: z.int(),
    title: Localized,
    formats: z.array(z.literal('csv')),
    conditions: z.record(z.string(), z.unknown()).meta({
      description:
        'JSON Schema (2020-12). `x-title` names a condition in each language, `x-options` lists what may be chosen.',
    }),
    example: z.record(z.string(), z.unknown()),
    columns: z.array(z.object({ name: z.string(), title: Localized })),
    tables: z.array(z.object({ name: z.string(), title: Localized })).meta({ description: 'What it reads' }),
    reuseForSeconds: count,
  })
  .meta({ id: 'ReportDescription' });

export const ReportList = z.object({ reports: z.array(ReportDescription) }).meta({ id: 'ReportList' });

/** Browsers silently drop a cookie of more than 4,096 bytes, including its name and attributes. */
const MAX_TOKEN_BYTES = 3900;

/** Browsers interpret `//host`, `/\host` and `/<tab>/host` as another host. */
const LOCAL_PATH = /^\/(?!\/)[^\\\s\p{Cc}]*$/u;

const NOT_OF_THIS_ORIGIN = {
  en: 'not a path of this origin',
  'zh-TW': '不是本站的路徑',
  'zh-CN': '不是本站的路径',
};

export const HandOver = z.object({
  token: z.string().max(MAX_TOKEN_BYTES).default('').meta({ description: "The person's JWT" }),
  to: z
    .string()
    .refine((path) => LOCAL_PATH.test(path), { params: { message: NOT_OF_THIS_ORIGIN } })
    .default('/')
    .meta({ description: 'A path of the page', example: '/downloads/…' }),
});

export const Session = z
  .object({
    adminId: z.string(),
    departmentId: z.string(),
    roles: z.array(z.string()),
    source: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    expiresAt: instant,
  })
  .meta({ id: 'Session' });

export const Problem = z
  .looseObject({
    type: z.string().meta({ example: '/problems/locked' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEM_TYPES) as [ProblemCode, ...ProblemCode[]]),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Every fault of the request, each with its path' }),
    activeId: RecordId.optional().meta({ description: 'The record that holds the lock' }),
    signInUrl: z.url().optional().meta({ description: 'Where a person signs in' }),
  })
  .meta({ id: 'Problem' });
