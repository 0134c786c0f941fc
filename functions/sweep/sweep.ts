import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { dispatchStage } from '../../shared/dispatch/dispatch-stage.ts';
import { filesPrefix, partsPrefix, sweepTask } from '../../shared/domain/names.ts';
import { type FileDownloadRecord, isActive } from '../../shared/domain/record.ts';
import {
  expire,
  fail,
  isPurgeable,
  markLeftoversRemoved,
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
import { markSpanFailed, traced } from '../../shared/tracing/spans.ts';

export interface SweepPorts {
  reports: Catalogue;
  records: RecordStore;
  objects: ObjectStore;
  queue: AggregateQueue;
  publisher: StagePublisher;
  clock: () => Date;
  retention: Retention;
}

/** Number of records that are fetched, and then processed, at the same time. */
const BATCH = 50;

/** A run starts no batch later than this after its start, so that it ends before the next run begins. */
const RUN_MS = 50_000;

/**
 * Processes every record whose `sweepAt` has come, and releases orphaned locks. Each step may be repeated, so a run may
 * die anywhere or overlap another. A record whose step fails is left for a later run and does not block the others.
 */
export async function sweep(ports: SweepPorts, log: Logger): Promise<void> {
  const until = ports.clock().getTime() + RUN_MS;
  let seen = 0;
  let oldest = ports.clock();
  for (let full = true; full && ports.clock().getTime() < until; ) {
    const due = await ports.records.due(ports.clock(), BATCH);
    await Promise.all(due.map((record) => sweepRecordSafely(record, ports, log)));
    seen += due.length;
    for (const record of due) if (isActive(record) && record.createdAt < oldest) oldest = record.createdAt;
    full = due.length === BATCH;
  }
  const locksReleased = await ports.records.releaseOrphanLocks();
  const oldestUnfinishedSeconds = (ports.clock().getTime() - oldest.getTime()) / 1000;
  log.info({ seen, locksReleased, oldestUnfinishedSeconds }, 'swept');
}

async function sweepRecordSafely(record: FileDownloadRecord, ports: SweepPorts, log: Logger): Promise<void> {
  try {
    await sweepRecord(record, ports);
  } catch (error) {
    log.error({ recordId: record.id, status: record.status, err: error }, 'could not see to the record');
    await ports.records
      .update(record.id, postponeSweep(new Date(ports.clock().getTime() + SWEEP_INTERVAL_MS)))
      .catch(() => {});
  }
}

async function sweepRecord(record: FileDownloadRecord, ports: SweepPorts): Promise<void> {
  const { records, retention, clock } = ports;
  if (isActive(record)) await withinExport(record.id, () => traced('push on', {}, () => resumeRecord(record, ports)));
  else if (record.leftovers) await removeLeftovers(record, ports);
  else if (record.status === 'COMPLETED') await expireFile(record, ports);
  else if (isPurgeable(record, clock(), retention)) await records.purge(record.id);
  // Either the retention was shorter when the record's sweep was scheduled than it is now, or the event of a terminal
  // status was not published: the store publishes it with the record's next change, whatever that change is.
  else await records.update(record.id, markLeftoversRemoved(retention, clock()));
}

/**
 * Fails a record past its deadline, dispatches one that was never dispatched, and schedules a look at any other, in
 * case its wake-ups were lost.
 */
async function resumeRecord(record: FileDownloadRecord, ports: SweepPorts): Promise<void> {
  const now = ports.clock();
  if (record.deadline <= now) {
    const failure = { code: 'DEADLINE_EXCEEDED', message: `not finished by ${record.deadline.toISOString()}` };
    markSpanFailed(failure.code);
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

/** Deletes the parts, and the files that overtaken aggregators left. The file of a COMPLETED record stays. */
async function removeLeftovers(
  record: FileDownloadRecord,
  { objects, records, retention, clock }: SweepPorts,
): Promise<void> {
  const own = record.status === 'COMPLETED' && record.file ? objects.nameOf(record.file.fileAddress) : undefined;
  const names = [...(await objects.list(partsPrefix(record.id))), ...(await objects.list(filesPrefix(record)))];
  for (const name of names) if (name !== own) await objects.delete(name);
  await records.update(record.id, markLeftoversRemoved(retention, clock()));
}

/**
 * Expires the record. The status changes before the file is deleted, so that no user is sent to a deleted file. The
 * file is deleted later, as a leftover of the expired record.
 */
async function expireFile(record: FileDownloadRecord, { records, retention, clock }: SweepPorts): Promise<void> {
  const expired = await records.update(record.id, expire(clock()));
  // The file has not expired yet: the record is due because an event has not been published.
  if (!expired) await records.update(record.id, markLeftoversRemoved(retention, clock()));
}
