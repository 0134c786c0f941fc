import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { Verdict } from '../../shared/domain/admission.ts';
import { isActive } from '../../shared/domain/record.ts';
import type { Caller } from '../../shared/http/authenticate.ts';
import { jsonBody } from '../../shared/http/json-body.ts';
import { ownRecord } from '../../shared/http/own-record.ts';
import { Problem } from '../../shared/http/problem.ts';
import { representRecord } from '../../shared/http/representation.ts';
import { type Call, type Route, route } from '../../shared/http/router.ts';
import { type CreateReportPorts, createReport } from './create-report.ts';
import { parseRequest } from './request.ts';

export interface CreateReportApi extends CreateReportPorts {
  reports: Catalogue;
  authenticate: (authorization: string | undefined) => Promise<Caller>;
}

const MAX_KEY_LENGTH = 255;

export function createReportRoutes(api: CreateReportApi): Route[] {
  const answer = async (call: Call, caller: Caller, body: unknown) => {
    const request = parseRequest(body, api.reports);
    const asking = { caller, idempotencyKey: idempotencyKey(call), traceparent: call.traceparent };
    const verdict = await createReport(request, asking, api, call.log);
    if (verdict.outcome === 'locked' || verdict.outcome === 'key-conflict') throw refusal(verdict);
    const { record, outcome } = verdict;
    call.log.info({ recordId: record.id, outcome, report: record.report }, 'answered');
    call.response
      .status(outcome === 'created' ? 202 : 200)
      .set('Location', `/v1/downloads/${record.id}`)
      .json(representRecord(record));
  };

  return [
    route('POST', '/v1/downloads', async (call) => {
      const caller = await api.authenticate(call.request.get('authorization'));
      await answer(call, caller, jsonBody(call.request));
    }),

    /** Asks the same again, as a new record. */
    route('POST', '/v1/downloads/:id\\:retry', async (call) => {
      const caller = await api.authenticate(call.request.get('authorization'));
      const earlier = await ownRecord(api.records, call.params.id, caller);
      if (isActive(earlier))
        throw new Problem(409, 'still-active', 'the record is still in work', { activeId: earlier.id });
      const { report, conditions, format, locale } = earlier;
      await answer(call, caller, { report, conditions, format, locale, refresh: true });
    }),
  ];
}

function idempotencyKey({ request }: Call): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || (key.length > 0 && key.length <= MAX_KEY_LENGTH)) return key;
  throw new Problem(400, 'invalid-idempotency-key', `an Idempotency-Key has 1 to ${MAX_KEY_LENGTH} characters`);
}

function refusal({ outcome, record }: Verdict): Problem {
  if (outcome === 'key-conflict') {
    return new Problem(422, 'idempotency-key-reused', 'this Idempotency-Key was used for another request', {
      recordId: record.id,
    });
  }
  return new Problem(409, 'locked', 'another report of yours is in work; wait for it or cancel it', {
    activeId: record.id,
  });
}
