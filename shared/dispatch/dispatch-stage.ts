import { randomUUID } from 'node:crypto';
import { type Report, type Source, sourcesOf } from '../catalogue/define-report.ts';
import { requeueTask } from '../domain/names.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import type { AggregateQueue, StagePublisher } from '../ports/messages.ts';
import { traced } from '../tracing/spans.ts';

export interface DispatchPorts {
  queue: AggregateQueue;
  publisher: StagePublisher;
}

export interface Dispatch {
  record: FileDownloadRecord;
  report: Report;
  /** The stage whose sources are requested. */
  stage: number;
  /** The number of the aggregator's try that dispatches; 0 is the first dispatch. */
  attempt: number;
  /** The sources to request; default: all sources of the stage. */
  sources?: readonly Source[];
  now: Date;
}

/**
 * Schedules the aggregator's next look and then asks the tables, in this order, so that a look is always scheduled for
 * what was requested. Safe to run again: the task is named, and a source that is done or being read is not run twice.
 */
export function dispatchStage(dispatch: Dispatch, ports: DispatchPorts): Promise<void> {
  const { stage, attempt } = dispatch;
  const attributes = { 'report.stage': stage, 'report.attempt': attempt };
  return traced(`dispatch stage ${stage}`, attributes, () => scheduleAndAsk(dispatch, ports));
}

async function scheduleAndAsk(dispatch: Dispatch, { queue, publisher }: DispatchPorts): Promise<void> {
  const { record, report, stage, attempt, sources = sourcesOf(report, stage), now } = dispatch;
  const next = attempt + 1;
  await queue.enqueue(
    requeueTask(record.id, record.stage, next),
    { recordId: record.id, stage: record.stage, attempt: next },
    new Date(now.getTime() + report.requeue.delaySeconds * 1000),
  );
  if (sources.length === 0) return;
  await publisher.publish({
    recordId: record.id,
    stage,
    dispatchId: randomUUID(),
    sources: sources.map(({ name, table }) => ({ name, table: table.name })),
  });
}
