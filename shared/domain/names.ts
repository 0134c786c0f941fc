import { createHash } from 'node:crypto';
import type { FileDownloadRecord, TerminalStatus } from './record.ts';

/**
 * Every key, object name and task name, in one place. Record ids are UUIDs, and source names and table names are
 * checked identifiers, so nothing needs escaping. Cloud Tasks allows letters, digits, hyphens and underscores in task
 * names, and no task name contains a table name's dot.
 */

/** The fan-in hash of a record. */
export const fanInKey = (recordId: string) => `FileDownloadRecordEntity-${recordId}`;

/**
 * The field of the fan-in hash that holds a source's result: `<table>.<source>`, e.g.
 * `plt_fund.vs_withdraw.withdrawals`.
 */
export const resultField = (table: string, source: string) => `${table}.${source}`;

/** The field that holds the keys that a source's query is limited to. No table name contains a colon. */
export const keysField = (source: string) => `keys:${source}`;

/** The field that holds a source's last error. */
export const errorField = (source: string) => `error:${source}`;

/** Returns what a field holds and for which source, or undefined if it is none of these fields. */
export function parseFanInField(field: string): { kind: 'result' | 'keys' | 'error'; source: string } | undefined {
  const { kind = 'result', source } = /^(?:(?<kind>keys|error):|\w+\.\w+\.)(?<source>\w+)$/.exec(field)?.groups ?? {};
  return source === undefined ? undefined : { kind: kind as 'result' | 'keys' | 'error', source };
}

/** The field that counts the sources done. */
export const DONE_COUNT_FIELD = 'queryDoneCount';

export const sourceLeaseKey = (recordId: string, source: string) => `lease-${recordId}-${source}`;
export const aggregatorLeaseKey = (recordId: string) => `lease-${recordId}`;

/** All parts of a record lie below this prefix. */
export const partsPrefix = (recordId: string) => `parts/${recordId}/`;

/** Each attempt writes under its own prefix, so that a zombie never mixes its parts with those of another attempt. */
export const attemptPrefix = (recordId: string, name: string, attempt: string) =>
  `${partsPrefix(recordId)}${name}/${attempt}/`;

/** The prefix for the keys shaped for a source. No source name contains a hyphen. */
export const keysAttemptPrefix = (recordId: string, source: string, attempt: string) =>
  attemptPrefix(recordId, `keys-${source}`, attempt);

export const partObject = (prefix: string, index: number) => `${prefix}${String(index).padStart(6, '0')}.csv.zst`;

/** All files of a record, including abandoned ones, lie below this prefix. */
export const filesPrefix = (record: Pick<FileDownloadRecord, 'id' | 'createdAt'>) =>
  `reports/${record.createdAt.toISOString().slice(0, 10).replaceAll('-', '/')}/${record.id}/`;

/** The fencing token in the name separates an overtaken aggregator's file from the record's file. */
export const fileObject = (record: Pick<FileDownloadRecord, 'id' | 'createdAt' | 'report' | 'token'>) =>
  `${filesPrefix(record)}${record.report}-${record.token}.csv`;

/** The id of an export's trace: the sixteen bytes of its record's id, so that each id gives the other. */
export const traceId = (recordId: string) => recordId.replaceAll('-', '');

/**
 * The id of the root span of an export's trace, known without being propagated. A UUID's variant bits keep it from
 * being zero, which OpenTelemetry treats as no span id.
 */
export const rootSpanId = (recordId: string) => traceId(recordId).slice(16);

/** A record enters a status once, so the event id is the same however often the status is announced. */
export const eventId = (recordId: string, status: TerminalStatus) => `${recordId}-${status.toLowerCase()}`;

export type EventType = `report.${Lowercase<TerminalStatus>}`;

export const eventType = (status: TerminalStatus) => `report.${status.toLowerCase()}` as EventType;

/**
 * Returns a task name that begins with a hash: Cloud Tasks distributes load by the beginning of the name, and ids
 * created at the same moment begin alike.
 */
const taskName = (subject: string, step: string) =>
  `${createHash('md5').update(`${subject}${step}`).digest('hex').slice(0, 8)}-${subject}-${step}`;

/** The task name of the aggregator's n-th scheduled look at a stage. */
export const requeueTask = (recordId: string, stage: number, attempt: number) =>
  taskName(recordId, `s${stage}-try${attempt}`);

/**
 * The task name of the wake-up by a source that found its stage complete. It contains the id of the dispatch, so that a
 * stage that is dispatched again wakes the aggregator again. It also contains the source: if Redis lost data, several
 * sources may find the stage complete, and the last wake-up must not be lost.
 */
export const stageDoneTask = (recordId: string, stage: number, dispatchId: string, source: string) =>
  taskName(recordId, `s${stage}-done-${dispatchId}-${source}`);

/** The task name of the sweeper's wake-up of a silent record: one per sweep. */
export const sweepTask = (recordId: string, at: Date) => taskName(recordId, `sweep-${at.getTime()}`);

/** The task name of the delivery of an event to an endpoint. An event that is delivered again adds no task. */
export const webhookTask = (event: string, endpointId: string) => taskName(event, `to-${endpointId}`);

/** The full name of a Pub/Sub topic. */
export const topicName = (project: string, topic: string) => `projects/${project}/topics/${topic}`;
