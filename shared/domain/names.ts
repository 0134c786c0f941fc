import { createHash } from 'node:crypto';
import type { FileDownloadRecord, TerminalStatus } from './record.ts';

/**
 * Every key, object name and task name, in one place. Record ids are UUIDs, source names and table names are checked identifiers, so nothing needs
 * escaping but a task name's dots (Cloud Tasks allows letters, digits, hyphens and underscores).
 */

/** The fan-in hash of a record. */
export const fanInKey = (recordId: string) => `FileDownloadRecordEntity-${recordId}`;

/** The field of the fan-in hash that holds a source's result: `<table>.<source>`, e.g. `plt_fund.vs_withdraw.withdrawals`. */
export const resultField = (table: string, source: string) => `${table}.${source}`;

/** The field that holds the keys which a source's query is limited to. A colon is in no table's name. */
export const keysField = (source: string) => `keys:${source}`;

/** The field that holds a source's last error. */
export const errorField = (source: string) => `error:${source}`;

/** What a field holds, and of which source; undefined: none of these. */
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

/** Each attempt writes under a prefix of its own, so that a zombie never mixes its parts into another's. */
export const attemptPrefix = (recordId: string, name: string, attempt: string) =>
  `${partsPrefix(recordId)}${name}/${attempt}/`;

/** For the keys shaped for a source. No source has a hyphen in its name. */
export const keysAttemptPrefix = (recordId: string, source: string, attempt: string) =>
  attemptPrefix(recordId, `keys-${source}`, attempt);

export const partObject = (prefix: string, index: number) => `${prefix}${String(index).padStart(6, '0')}.csv.zst`;

/** All files of a record, abandoned ones included, lie below this prefix. */
export const filesPrefix = (record: Pick<FileDownloadRecord, 'id' | 'createdAt'>) =>
  `reports/${record.createdAt.toISOString().slice(0, 10).replaceAll('-', '/')}/${record.id}/`;

/** The fencing token in the name keeps an outrun aggregator's file apart from the record's. */
export const fileObject = (record: Pick<FileDownloadRecord, 'id' | 'createdAt' | 'report' | 'token'>) =>
  `${filesPrefix(record)}${record.report}-${record.token}.csv`;

/** An export's trace: the sixteen bytes of its record's id, so that who has one has the other. */
export const traceId = (recordId: string) => recordId.replaceAll('-', '');

/** The span that an export's trace begins with: known without being carried. A UUID's variant keeps it from being zero, which OpenTelemetry takes for none. */
export const rootSpanId = (recordId: string) => traceId(recordId).slice(16);

/** A record enters a status once: however often it is announced, the event is the same. */
export const eventId = (recordId: string, status: TerminalStatus) => `${recordId}-${status.toLowerCase()}`;

export type EventType = `report.${Lowercase<TerminalStatus>}`;

export const eventType = (status: TerminalStatus) => `report.${status.toLowerCase()}` as EventType;

/** Prefixed with a hash: Cloud Tasks spreads load by the name's beginning, and ids of one moment begin alike. */
const taskName = (subject: string, step: string) =>
  `${createHash('md5').update(`${subject}${step}`).digest('hex').slice(0, 8)}-${subject}-${step}`;

/** The aggregator's n-th scheduled look at a stage. */
export const tryTask = (recordId: string, stage: number, attempt: number) =>
  taskName(recordId, `s${stage}-try${attempt}`);

/**
 * The wake-up by a source that found its stage complete. It carries the dispatch that asked, so that a stage asked again wakes again; and the source, since where
 * Redis lost something more than one may find so, and the last of them must be heard.
 */
export const doneTask = (recordId: string, stage: number, dispatchId: string, source: string) =>
  taskName(recordId, `s${stage}-done-${dispatchId}-${source}`);

/** The sweeper's wake-up of a record that has been silent: one per sweep. */
export const sweepTask = (recordId: string, at: Date) => taskName(recordId, `sweep-${at.getTime()}`);

/** The delivery of an event to an endpoint: an event that comes again adds none. */
export const webhookTask = (event: string, endpointId: string) => taskName(event, `to-${endpointId}`);
