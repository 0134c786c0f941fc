import type { z } from 'zod';
import { OPERATIONS, type Operation } from '../../shared/api/operations.ts';
import type { CheckResult } from '../../shared/api/schemas.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { Verdict } from '../../shared/domain/admission.ts';
import { isActive } from '../../shared/domain/record.ts';
import { isOwn, type Person } from '../../shared/domain/rights.ts';
import { ownRecord } from '../../shared/http/find-record.ts';
import { jsonBody } from '../../shared/http/json-body.ts';
import { type Guard, operationRoutes } from '../../shared/http/operation-route.ts';
import { Problem } from '../../shared/http/problem.ts';
import { representRecord } from '../../shared/http/representation.ts';
import type { Call, Route } from '../../shared/http/router.ts';
import type { AskingRequest } from '../../shared/tracing/export-trace.ts';
import { type CreateReportPorts, createReport, previewVerdict } from './create-report.ts';
import { parseRequest } from './request.ts';

export interface CreateReportApi extends CreateReportPorts {
  reports: Catalogue;
  admit: Guard;
}

const MAX_KEY_LENGTH = 255;

/**
 * How long the answer, which a user is waiting for, may be delayed to send the export's first spans. Sending takes a
 * few milliseconds, except for the first spans of an instance, which need a token and a connection. Spans that are not
 * sent in time get no CPU until the next request, and are lost if there is none.
 */
const TRACE_PATIENCE_MS = 300;

/** What the API's check calls each outcome. Without an Idempotency-Key, keys cannot conflict. */
const FORESEEN: Record<Exclude<Verdict['outcome'], 'key-conflict'>, z.output<typeof CheckResult>['outcome']> = {
  created: 'new',
  repeated: 'running',
  reused: 'reusable',
  unconfirmed: 'reusable',
  locked: 'locked',
};

export function createReportRoutes(api: CreateReportApi): Route[] {
  const route = operationRoutes(api.admit);

  const answer = async (call: Call & { caller: Person }, body: unknown, operation: Operation) => {
    const { caller, language, logOf, response } = call;
    const request = parseRequest(body, api.reports, caller, language);
    const verdict = await createReport(
      request,
      { caller, idempotencyKey: idempotencyKey(call), request: askingRequest(call, operation), logOf },
      api,
    );
    if (verdict.outcome === 'locked' || verdict.outcome === 'key-conflict') throw refusal(verdict);
    const { record, outcome } = verdict;
    logOf(record.id).info({ outcome, report: record.report }, 'answered');
    if (outcome === 'created') await api.tracing.flush(TRACE_PATIENCE_MS);
    response
      .status(outcome === 'created' ? 202 : 200)
      .set('Location', `/v1/downloads/${record.id}`)
      .json(representRecord(record));
  };

  return [
    route(OPERATIONS.createDownload, (call) => answer(call, jsonBody(call), OPERATIONS.createDownload)),

    route(OPERATIONS.checkDownload, async (call) => {
      const { response, caller, language } = call;
      const request = parseRequest(jsonBody(call), api.reports, caller, language);
      const { outcome, record } = await previewVerdict(request, caller, api);
      if (outcome === 'key-conflict') throw new Error('a conflict of keys without a key');
      response.json({
        outcome: FORESEEN[outcome],
        // A reusable file may be a colleague's. In that case only its existence is disclosed.
        ...(outcome !== 'created' && isOwn(caller, record) ? { record: representRecord(record) } : {}),
        ...(record.completedAt ? { completedAt: record.completedAt.toISOString() } : {}),
      });
    }),

    /** Repeats an earlier request as a new record. */
    route(OPERATIONS.retryDownload, async (call) => {
      const earlier = await ownRecord(api, call.params.id, call.caller);
      if (isActive(earlier)) throw new Problem('still-active', { activeId: earlier.id });
      const { report, conditions, format, locale } = earlier;
      await answer(call, { report, conditions, format, locale, refresh: true }, OPERATIONS.retryDownload);
    }),
  ];
}

function askingRequest({ request, since }: Call, { method, path }: Operation): AskingRequest {
  return { method, route: path, since, traceparent: request.get('traceparent') };
}

function idempotencyKey({ request }: Call): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || (key.length > 0 && key.length <= MAX_KEY_LENGTH)) return key;
  throw new Problem('invalid-idempotency-key', { maxLength: MAX_KEY_LENGTH });
}

function refusal({ outcome, record }: Verdict): Problem {
  return outcome === 'key-conflict'
    ? new Problem('idempotency-key-reused', { recordId: record.id })
    : new Problem('locked', { activeId: record.id });
}
