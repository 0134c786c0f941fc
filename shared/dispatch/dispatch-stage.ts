import { randomUUID } from 'node:crypto';
import { type Report, type Source, sourcesOf } from '../catalogue/define-report.ts';
import { tryTask } from '../domain/names.ts';
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
  /** The stage whose sources are asked for. */
  stage: number;
  /** The aggregator's try that dispatches; 0 is the first dispatch. */
  attempt: number;
  /** All of the stage unless said otherwise. */
  sources?: readonly Source[];
  now: Date;
}

/**
 * Schedules the aggregator's next look and asks the tables, in this order: what was asked for always has somebody who looks after it. Safe to run again: the task
 * is named, and a source that is done or in work is not run twice.
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
    tryTask(record.id, record.stage, next),
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
