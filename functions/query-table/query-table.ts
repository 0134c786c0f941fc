import { randomUUID } from 'node:crypto';
import { SpanKind } from '@opentelemetry/api';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { compileKeyedQueries, compileQuery } from '../../shared/catalogue/compile-query.ts';
import { neededCount, type Report, type Source } from '../../shared/catalogue/define-report.ts';
import { effortOf, type Machine } from '../../shared/domain/cost.ts';
import { failureOf, isPermanent, ReportError, reasonOf } from '../../shared/domain/errors.ts';
import { attemptPrefix, doneTask, sourceLeaseKey } from '../../shared/domain/names.ts';
import { type FileDownloadRecord, isActive } from '../../shared/domain/record.ts';
import {
  doneProgress,
  type ShapedKeys,
  type SourceResult,
  type StoredRows,
} from '../../shared/domain/source-result.ts';
import { fail, reportProgress } from '../../shared/domain/transitions.ts';
import { isNotWanted, whileLeased } from '../../shared/leases/while-leased.ts';
import { withLease } from '../../shared/leases/with-lease.ts';
import { loggable } from '../../shared/logging/loggable.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import type { FanIn, Lease } from '../../shared/ports/fan-in.ts';
import type { AggregateQueue, StageMessage } from '../../shared/ports/messages.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { TableRead, TableReader } from '../../shared/ports/table-reader.ts';
import { readKeys } from '../../shared/results/read-keys.ts';
import { writeResult } from '../../shared/results/write-result.ts';
import { failed, found, traced, tracedDelivery } from '../../shared/tracing/spans.ts';

export interface QueryTablePorts {
  reports: Catalogue;
  records: RecordStore;
  fanIn: FanIn;
  objects: ObjectStore;
  queue: AggregateQueue;
  reader: TableReader;
  clock: () => Date;
  /** What this function runs on. */
  machine: Machine;
}

/**
 * Runs what a stage message asks of one table. Returns when the message needs no redelivery: the sources are done, or the record waits for them no longer. Throws
 * (transient) when it does: somebody else is at work on a source, or a fault may pass.
 */
export async function queryTable(
  message: StageMessage,
  table: string,
  ports: QueryTablePorts,
  log: Logger,
): Promise<void> {
  const record = await ports.records.get(message.recordId);
  if (!record || !isActive(record) || message.stage > record.stage) {
    log.info({ status: record?.status }, 'nobody waits for this stage');
    return;
  }
  const report = ports.reports.get(record.report);
  // The aggregator fails a record whose definition changed under way.
  if (report?.version !== record.definitionVersion) return;
  const asked = new Set(message.sources.map(({ name }) => name));
  const sources = report.sources.filter(
    (source) => source.stage === message.stage && source.table.name === table && asked.has(source.name),
  );
  const attributes = { 'db.collection.name': table, 'report.stage': message.stage };
  await tracedDelivery(`process ${table}`, attributes, async () => {
    const runs = sources.map((source) =>
      traced(`source ${source.name}`, { 'report.source': source.name }, () =>
        runSource({ message, record, report, source }, ports, log),
      ),
    );
    // Not before the last has ended: once the message is answered, the instance has no processor.
    const failures = (await Promise.allSettled(runs)).filter(({ status }) => status === 'rejected');
    if (failures.length > 0) throw (failures[0] as PromiseRejectedResult).reason;
  });
}

interface Job {
  message: StageMessage;
  record: FileDownloadRecord;
  report: Report;
  source: Source;
}

async function runSource(job: Job, ports: QueryTablePorts, log: Logger): Promise<void> {
  const { record, source } = job;
  const began = ports.clock();
  const state = await ports.fanIn.read(record.id);
  if (state.results.has(source.name)) {
    // Whoever recorded it may have died before waking the aggregator.
    await wakeIfComplete(job, state.queryDoneCount, ports);
    return;
  }
  const { id: recordId } = record;
  const leased = { key: sourceLeaseKey(recordId, source.name), name: `source ${source.name}`, recordId };
  await withLease(ports.fanIn, leased, log, (lease) =>
    produceResult(job, state.keys.get(source.name), { began, lease }, ports, log),
  );
}

/** Reads the source, counts it, and wakes the aggregator if it was the last of its stage. */
async function produceResult(
  job: Job,
  keys: ShapedKeys | undefined,
  { began, lease }: { began: Date; lease: Lease },
  ports: QueryTablePorts,
  log: Logger,
): Promise<void> {
  const { record, source } = job;
  try {
    const stored = await readSource(job, keys, lease, ports);
    const effort = effortOf(ports.machine, began, ports.clock());
    const result = { ...stored, effort };
    const sourceName = { table: source.table.name, name: source.name, keysFrom: keys?.from };
    const recorded = await ports.fanIn.recordResult(record.id, sourceName, result);
    if (!recorded) throw keysAway('KEYS_CHANGED', job);
    const { counted, queryDoneCount } = recorded;
    const { rows, bytes } = result;
    found({ 'report.rows': rows, 'report.bytes': bytes });
    log.info({ source: source.name, rows, bytes, seconds: effort.seconds, counted, queryDoneCount }, 'source done');
    await wakeIfComplete(job, queryDoneCount, ports);
    await showDone(job, result, queryDoneCount, ports, log);
  } catch (error) {
    if (isNotWanted(error)) log.info({ source: source.name }, 'stopped: nobody waits any more');
    else await giveUp(job, error, ports, log);
  }
}

/** Streams the source's rows into parts while a heartbeat keeps the lease, shows the progress and notices a cancellation. */
async function readSource(
  job: Job,
  keys: StoredRows | undefined,
  lease: Lease,
  ports: QueryTablePorts,
): Promise<StoredRows> {
  const { record, source } = job;
  let read: TableRead | undefined;
  const heartbeat = async () => {
    await ports.fanIn.keepAlive(record.id).catch(() => {});
    const progress = reportProgress(source.name, {
      status: 'QUERYING',
      rows: read?.rowsRead() ?? 0,
      ...(read?.expectedRows === undefined || source.keys ? {} : { expectedRows: read.expectedRows }),
    });
    return (await ports.records.update(record.id, progress)) !== undefined;
  };
  return whileLeased(lease, heartbeat, record.id, async (signal) => {
    const opened = await traced(
      `SELECT ${source.table.name}`,
      { 'db.system.name': 'mysql', 'db.operation.name': 'SELECT', 'db.collection.name': source.table.name },
      async () => ports.reader.read(await queriesOf(job, keys, ports.objects), signal),
      SpanKind.CLIENT,
    );
    read = opened;
    return traced('write parts', {}, () =>
      writeResult(opened, attemptPrefix(record.id, source.name, randomUUID()), ports.objects),
    );
  });
}

/** The stage before is run again, since Redis lost what it found; then there are keys again. */
function keysAway(code: 'KEYS_MISSING' | 'KEYS_CHANGED', { record, source }: Job): ReportError {
  const message = `the keys of ${source.name} are not there, or not those that it was read by`;
  return new ReportError(code, message, { kind: 'transient', recordId: record.id });
}

async function queriesOf(job: Job, keys: StoredRows | undefined, objects: ObjectStore) {
  const { record, source } = job;
  if (!source.keys) return [compileQuery(source, record)];
  if (!keys) throw keysAway('KEYS_MISSING', job);
  return compileKeyedQueries(source, record, readKeys(keys, objects));
}

/** The record shows that the source is done while others are not; with the last one, the aggregator shows them all. */
async function showDone(
  { message, record, report, source }: Job,
  result: SourceResult,
  queryDoneCount: number,
  { records }: QueryTablePorts,
  log: Logger,
): Promise<void> {
  if (queryDoneCount >= neededCount(report, message.stage)) return;
  await records
    .update(record.id, reportProgress(source.name, doneProgress(result)))
    .catch((error) => log.warn({ source: source.name, err: error }, 'the record does not show it yet'));
}

async function wakeIfComplete(
  { message, record, report, source }: Job,
  queryDoneCount: number,
  { queue }: QueryTablePorts,
): Promise<void> {
  const { stage, dispatchId } = message;
  if (queryDoneCount < neededCount(report, stage)) return;
  await queue.enqueue(doneTask(record.id, stage, dispatchId, source.name), { recordId: record.id, stage, attempt: 0 });
}

/** A permanent fault ends the record at once; any other is noted for the aggregator's report and thrown on, for the message to come again. */
async function giveUp(
  { record, report, source }: Job,
  error: unknown,
  ports: QueryTablePorts,
  log: Logger,
): Promise<void> {
  const table = source.table.name;
  const reason = reasonOf(error);
  if (!isPermanent(error)) {
    await ports.fanIn.recordError(record.id, source.name, reason);
    throw error;
  }
  log.error({ source: source.name, table, err: loggable(error, report) }, 'source failed');
  const { code } = failureOf(error);
  failed(code);
  const failure = {
    code,
    message: `${table} could not be read: ${reason}`,
    sources: [{ source: source.name, table, error: reason }],
  };
  await ports.records.update(record.id, fail(failure, ports.clock(), record.token));
}
