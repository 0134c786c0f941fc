import { type Report, type Source, sourcesOf } from '../../shared/catalogue/define-report.ts';
import { definitionOf } from '../../shared/catalogue/definition-of.ts';
import { dispatchStage } from '../../shared/dispatch/dispatch-stage.ts';
import { type Failure, failureOf, isPermanent, ReportError } from '../../shared/domain/errors.ts';
import { aggregatorLeaseKey, sourceLeaseKey } from '../../shared/domain/names.ts';
import { type FileDownloadRecord, isActive } from '../../shared/domain/record.ts';
import { advanceStage, fail, startQuerying, startWriting } from '../../shared/domain/transitions.ts';
import { isNotWanted, notWanted, whileLeased } from '../../shared/leases/while-leased.ts';
import { withLease } from '../../shared/leases/with-lease.ts';
import { loggable } from '../../shared/logging/loggable.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import type { FanIn, FanInState, Lease } from '../../shared/ports/fan-in.ts';
import type { AggregateTask } from '../../shared/ports/messages.ts';
import { markSpanFailed, traced, tracedDelivery } from '../../shared/tracing/spans.ts';
import type { AggregatePorts, Look } from './look.ts';
import { progressOf } from './progress-of.ts';
import { hasKeys, shapeKeys } from './shape-keys.ts';
import { writeFile } from './write-file.ts';

/**
 * Runs one look at a record: dispatches the first stage with missing sources or, when all sources are done, writes the
 * file. The action depends only on the fan-in, the record and the number of the try, so a look may run twice, late, or
 * after a crash at any line. Returns if the task needs no redelivery; throws (transient) if it does.
 */
export async function aggregate(task: AggregateTask, ports: AggregatePorts, log: Logger): Promise<void> {
  const began = ports.clock();
  const { recordId, stage, attempt } = task;
  await withLease(
    ports.fanIn,
    { key: aggregatorLeaseKey(recordId), name: 'the record', recordId },
    log,
    async (lease) => {
      const record = await dispatchedRecord(recordId, ports);
      if (!record || !isActive(record)) return;
      const attributes = { 'report.stage': stage, 'report.attempt': attempt };
      await tracedDelivery(`look at stage ${stage}`, attributes, () =>
        lookAt(record, { task, began }, lease, ports, log),
      );
    },
  );
}

async function lookAt(
  found: FileDownloadRecord,
  call: Pick<Look, 'task' | 'began'>,
  lease: Lease,
  ports: AggregatePorts,
  log: Logger,
): Promise<void> {
  let record = found;
  const heartbeat = async () => {
    await ports.fanIn.keepAlive(record.id).catch(() => {});
    const current = await ports.records.get(record.id);
    return current !== undefined && isActive(current);
  };
  try {
    await whileLeased(lease, heartbeat, record.id, async (signal) => {
      const report = unchangedReport(record, ports);
      const look = { ...call, record, report, state: await ports.fanIn.read(record.id) };
      const missing = report.sources.find((source) => !isDone(source, look));
      if (missing) return pursueStage(missing.stage, look, ports, signal, log);
      record = await claimForWriting(look, ports);
      await writeFile({ ...look, record }, ports, signal, log);
    });
  } catch (error) {
    if (isNotWanted(error)) return;
    if (!isPermanent(error)) throw error;
    const report = ports.reports.get(record.report);
    log.error({ err: report ? loggable(error, report) : error }, 'the record failed');
    await failRecord(record, failureOf(error), ports);
  }
}

/** Moves the record to WRITING under a new fencing token and returns it. */
async function claimForWriting(look: Look, { records, clock }: AggregatePorts): Promise<FileDownloadRecord> {
  const record = await records.update(look.record.id, startWriting(clock(), progressOf(look)));
  if (!record) throw notWanted(look.record.id);
  return record;
}

/**
 * Returns the record. A look at a QUEUED record shows that it was dispatched, even if the dispatcher died before it
 * recorded that, so the record moves to QUERYING first.
 */
async function dispatchedRecord(
  id: string,
  { records, clock }: AggregatePorts,
): Promise<FileDownloadRecord | undefined> {
  const record = await records.get(id);
  return record?.status === 'QUEUED' ? ((await records.update(id, startQuerying(clock()))) ?? records.get(id)) : record;
}

/**
 * Opens a stage or handles one that is under way: fails the record after the last try, asks silent sources again, and
 * schedules the next look.
 */
async function pursueStage(
  stage: number,
  look: Look,
  ports: AggregatePorts,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  const { task, report, state } = look;
  // A stage that begins has all its tries left. A stage that runs again because its results were lost uses the tries of
  // the stage under way.
  const begins = stage > look.record.stage;
  const attempt = !begins && task.stage === look.record.stage ? task.attempt : 0;
  if (attempt >= report.requeue.times) {
    await failRecord(look.record, await unfinished(look, ports.fanIn), ports);
    return;
  }
  const sources = sourcesOf(report, stage).filter((source) => !isDone(source, look));
  await shapeMissingKeys(sources, look, ports, signal);
  const record = begins
    ? await ports.records.update(look.record.id, advanceStage(stage - 1, progressOf(look)))
    : look.record;
  if (!record) return;
  const silent = await silentOnes(sources, record, state, ports.fanIn);
  await dispatchStage({ record, report, stage, attempt, sources: silent, now: ports.clock() }, ports);
  const asked = silent.map(({ name }) => name);
  log.info(
    { report: report.id, stage, attempt, queryDoneCount: state.queryDoneCount, asked },
    attempt > 0 ? 'requeued' : 'not enough yet',
  );
}

async function shapeMissingKeys(
  sources: Source[],
  look: Look,
  ports: AggregatePorts,
  signal: AbortSignal,
): Promise<void> {
  for (const source of sources.filter((source) => !hasKeys(source, look))) {
    await traced(`shape keys ${source.name}`, { 'report.source': source.name }, () =>
      shapeKeys(source, look, ports, signal),
    );
  }
}

/**
 * Returns the sources that have neither a lease nor a reported error: their message was lost, or the fan-in lost its
 * data about them. A source with an error is not silent, because its message is redelivered.
 */
async function silentOnes(
  sources: Source[],
  record: FileDownloadRecord,
  state: FanInState,
  fanIn: FanIn,
): Promise<Source[]> {
  const silent: Source[] = [];
  for (const source of sources) {
    const heardOf = state.errors.has(source.name);
    if (!heardOf && !(await fanIn.isLeased(sourceLeaseKey(record.id, source.name)))) silent.push(source);
  }
  return silent;
}

/**
 * Returns whether the source has a result that was read with the current keys. A result read with other keys does not
 * count: the fan-in removes it when the new keys are recorded.
 */
function isDone(source: Source, look: Pick<Look, 'report' | 'state'>): boolean {
  return look.state.results.has(source.name) && hasKeys(source, look);
}

/** Returns the definition that the record began with. Throws DEFINITION_CHANGED (permanent) if there is another now. */
function unchangedReport(record: FileDownloadRecord, { reports, clock }: AggregatePorts): Report {
  const report = definitionOf(record, reports, clock());
  if (report) return report;
  throw new ReportError('DEFINITION_CHANGED', 'the report was changed while it ran; run it again', {
    kind: 'permanent',
    recordId: record.id,
  });
}

/** Returns the failure that lists the sources missing after the last try, and what is known of each. */
async function unfinished(look: Look, fanIn: FanIn): Promise<Failure> {
  const { record, report, state } = look;
  const missing = report.sources.filter((source) => !isDone(source, look));
  const sources = missing.map(({ name, table }) => {
    const error = state.errors.get(name);
    return { source: name, table: table.name, ...(error === undefined ? {} : { error }) };
  });
  const reasons = sources.map(async ({ source, table, error }) => {
    const isInWork = error === undefined && (await fanIn.isLeased(sourceLeaseKey(record.id, source)));
    return `${table} (${error ?? (isInWork ? 'still being read' : 'no answer')})`;
  });
  const message = `after ${report.requeue.times} tries still missing: ${(await Promise.all(reasons)).join(', ')}`;
  return { code: 'SOURCES_MISSING', message, sources };
}

async function failRecord(record: FileDownloadRecord, failure: Failure, ports: AggregatePorts): Promise<void> {
  markSpanFailed(failure.code);
  await ports.records.update(record.id, fail(failure, ports.clock(), record.token));
}
