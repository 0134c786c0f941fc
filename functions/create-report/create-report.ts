import { v7 as uuid } from 'uuid';
import type { Report } from '../../shared/catalogue/define-report.ts';
import { type DispatchPorts, dispatchStage } from '../../shared/dispatch/dispatch-stage.ts';
import { admit, type Verdict } from '../../shared/domain/admission.ts';
import { conditionsKey } from '../../shared/domain/conditions-key.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { maskedFor, type Person } from '../../shared/domain/rights.ts';
import { DISPATCH_GRACE_MS, startQuerying } from '../../shared/domain/transitions.ts';
import type { Logger } from '../../shared/logging/logger.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { Tracing } from '../../shared/ports/tracing.ts';
import { type AskingRequest, tracedExport } from '../../shared/tracing/export-trace.ts';
import { recordSpan } from '../../shared/tracing/spans.ts';
import { type ReportRequest, requestHash } from './request.ts';

export interface CreateReportPorts extends DispatchPorts {
  records: Pick<RecordStore, 'admit' | 'get' | 'update'>;
  objects: Pick<ObjectStore, 'exists' | 'nameOf'>;
  tracing: Tracing;
  clock: () => Date;
}

export interface Asking {
  caller: Person;
  idempotencyKey: string | undefined;
  request: AskingRequest;
  logOf: (recordId: string) => Logger;
}

/**
 * The final answer to a request: the file of an existing record has been checked, so `unconfirmed` is not among the
 * outcomes.
 */
type Answer = Exclude<Verdict, { outcome: 'unconfirmed' }>;

/** How long the join and the upload may take in addition to the stages' looks for missing sources. */
const WRITING_ALLOWANCE_MS = 30 * 60_000;

/**
 * Answers a request with a record: a new one, which is dispatched, or an existing one that serves the request. If
 * dispatching fails, the record remains QUEUED, and the sweeper dispatches it.
 */
export async function createReport(request: ReportRequest, asking: Asking, ports: CreateReportPorts): Promise<Answer> {
  const { report } = request;
  const draft = draftRecord(request, asking.caller, ports.clock());
  // The tracing library loads while the record store is queried.
  const ready = ports.tracing.ready();
  const verdict = await admitDraft(draft, request, asking, ports);
  if (verdict.outcome !== 'created') return verdict;
  const admitted = ports.clock();
  await ready;
  return tracedExport(draft, asking.request, async () => {
    recordSpan('admit', draft.createdAt, admitted);
    try {
      await dispatchStage({ record: draft, report, stage: 0, attempt: 0, now: ports.clock() }, ports);
      const record = await ports.records.update(draft.id, startQuerying(ports.clock()));
      return { ...verdict, record: record ?? draft };
    } catch (error) {
      asking.logOf(draft.id).error({ err: error }, 'not dispatched; the sweeper will');
      return verdict;
    }
  });
}

/** A verdict after which nothing is stored. */
type Foreseen = Pick<Verdict, 'outcome' | 'record'> & { insert?: never; remember?: never };

/**
 * Returns the outcome that the request would have now, without storing anything. Does not check whether a reusable file
 * is still in storage.
 */
export async function previewVerdict(
  request: ReportRequest,
  caller: Person,
  { records, clock }: CreateReportPorts,
): Promise<Foreseen> {
  const draft = draftRecord(request, caller, clock());
  const reuse = request.refresh ? {} : { reuseSince: reuseSince(draft, request) };
  return records.admit({ draft, ...reuse }, (found): Foreseen => {
    const { outcome, record } = admit(draft, requestHash(request), found);
    return { outcome, record };
  });
}

/**
 * Admits the draft. If an existing file could serve, checks outside the transaction that it is in storage, and then
 * admits the draft with that record's id. Repeats this as long as a newer file appears in the meantime.
 */
async function admitDraft(
  draft: FileDownloadRecord,
  request: ReportRequest,
  asking: Asking,
  ports: CreateReportPorts,
): Promise<Answer> {
  const hash = requestHash(request);
  const { idempotencyKey: key } = asking;
  const idempotency = key === undefined ? {} : { idempotency: { key, requestHash: hash } };
  const reuse = { reuseSince: reuseSince(draft, request) };
  const ask = (admission: object, confirmed?: FileDownloadRecord) =>
    ports.records.admit({ draft, ...idempotency, ...admission }, (found) => admit(draft, hash, found, confirmed?.id));

  let verdict = await ask(request.refresh ? {} : reuse);
  while (verdict.outcome === 'unconfirmed') {
    const { record } = verdict;
    verdict = (await isThere(record, asking, ports)) ? await ask(reuse, record) : await ask({});
  }
  return verdict;
}

/**
 * Returns whether the record's file is in storage. If storage does not answer, the file counts as missing, because the
 * report can be produced again.
 */
async function isThere(
  { id, file }: FileDownloadRecord,
  { logOf }: Asking,
  { objects }: CreateReportPorts,
): Promise<boolean> {
  try {
    return file !== undefined && (await objects.exists(objects.nameOf(file.fileAddress)));
  } catch (error) {
    logOf(id).warn({ err: error }, 'the file could not be looked for, and is not reused');
    return false;
  }
}

function reuseSince({ createdAt }: FileDownloadRecord, { report }: ReportRequest): Date {
  return new Date(createdAt.getTime() - report.reuseForSeconds * 1000);
}

function draftRecord(request: ReportRequest, caller: Person, now: Date): FileDownloadRecord {
  const { report, conditions, format, locale } = request;
  const { adminId, departmentId, source } = caller;
  const masked = maskedFor(caller, report);
  const asked = {
    report: report.id,
    definitionVersion: report.version,
    conditions,
    format,
    locale,
    source,
    departmentId,
    masked,
  };
  return {
    ...asked,
    id: uuid(),
    adminId,
    conditionsKey: conditionsKey(asked),
    status: 'QUEUED',
    history: [{ status: 'QUEUED', at: now }],
    createdAt: now,
    stage: 0,
    sources: Object.fromEntries(
      report.sources.map(({ name, stage, table }) => [name, { table: table.name, stage, status: 'WAITING', rows: 0 }]),
    ),
    token: 0,
    deadline: new Date(now.getTime() + triesMs(report) + WRITING_ALLOWANCE_MS),
    sweepAt: new Date(now.getTime() + DISPATCH_GRACE_MS),
    leftovers: true,
    unannounced: [],
  };
}

function triesMs({ requeue, stageCount }: Report): number {
  return stageCount * requeue.times * requeue.delaySeconds * 1000;
}
