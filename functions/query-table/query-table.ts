import { randomUUID } from 'node:crypto';
import { SpanKind } from '@opentelemetry/api';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { compileKeyedQueries, compileQuery } from '../../shared/catalogue/compile-query.ts';
import { neededCount, type Report, type Source } from '../../shared/catalogue/define-report.ts';
import { definitionOf } from '../../shared/catalogue/definition-of.ts';
import { effortOf, type Machine } from '../../shared/domain/cost.ts';
import { failureOf, isPermanent, ReportError, reasonOf } from '../../shared/domain/errors.ts';
import { attemptPrefix, sourceLeaseKey, stageDoneTask } from '../../shared/domain/names.ts';
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
import { markSpanFailed, setSpanAttributes, traced, tracedDelivery } from '../../shared/tracing/spans.ts';

export interface QueryTablePorts {
  reports: Catalogue;
  records: RecordStore;
  fanIn: FanIn;
  objects: ObjectStore;
  queue: AggregateQueue;
  reader: TableReader;
  clock: () => Date;
  /** The size of this function's instance. */
  machine: Machine;
}

/**
 * Runs what a stage message asks of one table. Returns if the message needs no redelivery: the sources are done, or the
 * record no longer waits for them. Throws (transient) if it does: another attempt is working on a source, or the fault
 * may pass.
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
  const report = definitionOf(record, ports.reports, ports.clock());
  // The aggregator fails a record whose definition changed in the meantime.
  if (!report) return;
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
    // Wait until the last run has ended: once the message is answered, the instance has no CPU.
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
    // The attempt that recorded the result may have died before it woke the aggregator.
    await wakeIfComplete(job, state.queryDoneCount, ports);
    return;
  }
  const { id: recordId } = record;
  const leased = { key: sourceLeaseKey(recordId, source.name), name: `source ${source.name}`, recordId };
  await withLease(ports.fanIn, leased, log, (lease) =>
    produceResult(job, state.keys.get(source.name), { began, lease }, ports, log),
  );
}

/**
 * Reads the source, records and counts its result, and wakes the aggregator if the source was the last of its stage.
 */
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
    setSpanAttributes({ 'report.rows': rows, 'report.bytes': bytes });
    log.info({ source: source.name, rows, bytes, seconds: effort.seconds, counted, queryDoneCount }, 'source done');
    await wakeIfComplete(job, queryDoneCount, ports);
    await showDone(job, result, queryDoneCount, ports, log);
  } catch (error) {
    if (isNotWanted(error)) log.info({ source: source.name }, 'stopped: nobody waits any more');
    else await handleFailure(job, error, ports, log);
  }
}

/**
 * Streams the source's rows into parts. Meanwhile a heartbeat keeps the lease, shows the progress and detects a
 * cancellation.
 */
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
      writeResult(opened, attemptPrefix(record.id, source.name, randomUUID()), ports.objects, signal),
    );
  });
}

/**
 * Returns a transient error: Redis lost the results of the earlier stage, so that stage runs again, and then the keys
 * exist again.
 */
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

/**
 * Shows on the record that the source is done, unless the source completes the stage: then the aggregator shows all
 * sources.
 */
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
  await queue.enqueue(stageDoneTask(record.id, stage, dispatchId, source.name), {
    recordId: record.id,
    stage,
    attempt: 0,
  });
}

/**
 * Fails the record at once if the fault is permanent. Any other fault is recorded for the aggregator's report and
 * rethrown, so that the message is redelivered.
 */
async function handleFailure(
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
  markSpanFailed(code);
  const failure = {
    code,
    message: `${table} could not be read: ${reason}`,
    sources: [{ source: source.name, table, error: reason }],
  };
  await ports.records.update(record.id, fail(failure, ports.clock(), record.token));
}
