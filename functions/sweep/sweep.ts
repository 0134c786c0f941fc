import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { dispatchStage } from '../../shared/dispatch/dispatch-stage.ts';
import { filesPrefix, partsPrefix, sweepTask } from '../../shared/domain/names.ts';
import { type FileDownloadRecord, isActive } from '../../shared/domain/record.ts';
import {
  expire,
  fail,
  isPurgeable,
  markClean,
  postponeSweep,
  type Retention,
  SWEEP_INTERVAL_MS,
  startQuerying,
} from '../../shared/domain/transitions.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import type { AggregateQueue, StagePublisher } from '../../shared/ports/messages.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { withinExport } from '../../shared/tracing/export-trace.ts';
import { failed, traced } from '../../shared/tracing/spans.ts';

export interface SweepPorts {
  reports: Catalogue;
  records: RecordStore;
  objects: ObjectStore;
  queue: AggregateQueue;
  publisher: StagePublisher;
  clock: () => Date;
  retention: Retention;
}

/** Records fetched at once, and seen to at once. */
const BATCH = 50;

/** A run ends before the next one begins. */
const RUN_MS = 50_000;

/**
 * Sees to every record whose time has come, and to locks that nobody holds. Each step may be repeated, so a run may die anywhere or overlap another; a record whose
 * step fails is left for the next run, and does not stand in the way of others.
 */
export async function sweep(ports: SweepPorts, log: Logger): Promise<void> {
  const until = ports.clock().getTime() + RUN_MS;
  let seen = 0;
  let oldest = ports.clock();
  for (let full = true; full && ports.clock().getTime() < until; ) {
    const due = await ports.records.due(ports.clock(), BATCH);
    await Promise.all(due.map((record) => seeToSafely(record, ports, log)));
    seen += due.length;
    for (const record of due) if (isActive(record) && record.createdAt < oldest) oldest = record.createdAt;
    full = due.length === BATCH;
  }
  const locksReleased = await ports.records.releaseOrphanLocks();
  const oldestUnfinishedSeconds = (ports.clock().getTime() - oldest.getTime()) / 1000;
  log.info({ seen, locksReleased, oldestUnfinishedSeconds }, 'swept');
}

async function seeToSafely(record: FileDownloadRecord, ports: SweepPorts, log: Logger): Promise<void> {
  try {
    await seeTo(record, ports);
  } catch (error) {
    log.error({ recordId: record.id, status: record.status, err: error }, 'could not see to the record');
    await ports.records
      .update(record.id, postponeSweep(new Date(ports.clock().getTime() + SWEEP_INTERVAL_MS)))
      .catch(() => {});
  }
}

async function seeTo(record: FileDownloadRecord, ports: SweepPorts): Promise<void> {
  const { records, retention, clock } = ports;
  if (isActive(record)) await withinExport(record.id, () => traced('push on', {}, () => pushOn(record, ports)));
  else if (record.leftovers) await removeLeftovers(record, ports);
  else if (record.status === 'COMPLETED') await expireFile(record, ports);
  else if (isPurgeable(record, clock(), retention)) await records.purge(record.id);
  // The retention was longer when the record ended than it is now, or whoever ended it did not get to tell: the store tells with the next change, whatever it is.
  else await records.update(record.id, markClean(retention, clock()));
}

/** A record past its deadline fails; one that was never dispatched is; any other is looked at, in case its wake-ups were lost. */
async function pushOn(record: FileDownloadRecord, ports: SweepPorts): Promise<void> {
  const now = ports.clock();
  if (record.deadline <= now) {
    const failure = { code: 'DEADLINE_EXCEEDED', message: `not finished by ${record.deadline.toISOString()}` };
    failed(failure.code);
    await ports.records.update(record.id, fail(failure, now, record.token));
    return;
  }
  const report = ports.reports.get(record.report);
  if (record.status === 'QUEUED' && report) {
    await dispatchStage({ record, report, stage: record.stage, attempt: 0, now }, ports);
    await ports.records.update(record.id, startQuerying(now));
    return;
  }
  await ports.queue.enqueue(sweepTask(record.id, record.sweepAt), {
    recordId: record.id,
    stage: record.stage,
    attempt: 0,
  });
  await ports.records.update(record.id, postponeSweep(new Date(now.getTime() + SWEEP_INTERVAL_MS)));
}

/** Parts, and files that outrun aggregators left; the record's own file stays. */
async function removeLeftovers(
  record: FileDownloadRecord,
  { objects, records, retention, clock }: SweepPorts,
): Promise<void> {
  const own = record.status === 'COMPLETED' && record.file ? objects.nameOf(record.file.fileAddress) : undefined;
  const names = [...(await objects.list(partsPrefix(record.id))), ...(await objects.list(filesPrefix(record)))];
  for (const name of names) if (name !== own) await objects.delete(name);
  await records.update(record.id, markClean(retention, clock()));
}

/** First the status, then the file: nobody is sent to a file that is gone. The file goes as a leftover of the expired record. */
async function expireFile(record: FileDownloadRecord, { records, retention, clock }: SweepPorts): Promise<void> {
  const expired = await records.update(record.id, expire(clock()));
  // Its time has not come: it is here to be announced.
  if (!expired) await records.update(record.id, markClean(retention, clock()));
}
