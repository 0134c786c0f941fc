import type { z } from 'zod';
import { openApiDocument } from '../../shared/api/openapi.ts';
import { OPERATIONS } from '../../shared/api/operations.ts';
import type { ListQuery } from '../../shared/api/schemas.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import type { FileDownloadRecord } from '../../shared/domain/record.ts';
import { mayAsk, mayRead, type Person, scopesOf, type TableRestrictions } from '../../shared/domain/rights.ts';
import { cancel } from '../../shared/domain/transitions.ts';
import { ownRecord, readableRecord } from '../../shared/http/find-record.ts';
import { type Guard, operationRoutes } from '../../shared/http/operation-route.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Route } from '../../shared/http/router.ts';
import { clearSessionCookie, refuseCrossSite } from '../../shared/http/session.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { audit } from './audit.ts';
import { describeReport } from './describe-report.ts';
import { fileNamesOf } from './file-name.ts';
import { type HandOverRules, handOverSession } from './hand-over.ts';
import { listReadable, withinScope } from './list-readable.ts';
import { streamLiveList } from './live-list.ts';
import { openableRecord } from './openable-record.ts';
import { previewOf } from './preview.ts';
import { representFor } from './represent-for.ts';
import { sendTagged } from './send-tagged.ts';
import { limitStreamsPerPerson } from './stream-limits.ts';

export interface DownloadCenterApi {
  reports: Catalogue;
  records: RecordStore;
  tables: TableRestrictions;
  objects: ObjectStore;
  admit: Guard;
  handOver: HandOverRules;
  clock: () => Date;
}

/** A signed URL is a bearer credential, so it is created when the user clicks and is valid for minutes only. */
const URL_LIFETIME_SECONDS = 5 * 60;

export function downloadCenterRoutes(api: DownloadCenterApi): Route[] {
  const route = operationRoutes(api.admit);
  const openApi = openApiDocument();

  const inPlace = limitStreamsPerPerson();

  const listPage = async (caller: Person, query: z.output<typeof ListQuery>) => {
    const { records, nextPageToken } = await listReadable(api, caller, query);
    const downloads = records.map((record) => representFor(caller, record, api));
    return { downloads, ...(nextPageToken ? { nextPageToken } : {}) };
  };

  return [
    route(OPERATIONS.listReports, async ({ caller, response }) => {
      const open = [...api.reports.values()].filter((report) => mayAsk(caller, report));
      const reports = open.map((report) => describeReport(report, caller));
      response.set('Cache-Control', 'no-store').json({ reports });
    }),

    route(OPERATIONS.listDownloads, async ({ caller, query, response }) => {
      response.set('Cache-Control', 'no-store').json(await listPage(caller, query));
    }),

    route(OPERATIONS.watchDownloads, ({ caller, query, response, log }) => {
      const list = {
        records: api.records,
        scope: withinScope(caller, query.scope),
        mayRead: (record: FileDownloadRecord) => mayRead(caller, record, api.reports.get(record.report)),
        represent: (record: FileDownloadRecord) => representFor(caller, record, api),
        firstPage: () => listPage(caller, query),
        expiresAt: caller.expiresAt,
      };
      return inPlace(caller, () => streamLiveList(list, response, log));
    }),

    route(OPERATIONS.getDownload, async ({ caller, params, request, response }) => {
      const record = await readableRecord(api, params.id, caller);
      sendTagged({ request, response }, representFor(caller, record, api));
    }),

    route(OPERATIONS.cancelDownload, async ({ caller, params, response, log }) => {
      const record = await ownRecord(api, params.id, caller);
      const cancelled =
        (await api.records.update(record.id, cancel(api.clock()))) ?? (await api.records.get(record.id));
      if (cancelled?.status !== 'CANCELLED') {
        throw new Problem('already-finished', { recordStatus: cancelled?.status ?? 'gone' });
      }
      log.info('cancelled');
      response.json(representFor(caller, cancelled, api));
    }),

    route(OPERATIONS.getFile, async ({ caller, params, query, request, response, log }) => {
      const { record, file, report } = await openableRecord(api, params.id, caller);
      const names = fileNamesOf(record, report);
      const url = await api.objects.signedUrl(api.objects.nameOf(file.fileAddress), {
        expiresInSeconds: URL_LIFETIME_SECONDS,
        ...names,
      });
      audit({ request, log }, 'download', caller, { recordId: record.id, at: api.clock() });
      response.set('Cache-Control', 'no-store');
      if (query.redirect === 'false')
        response.json({ url, fileName: names.fileName, expiresInSeconds: URL_LIFETIME_SECONDS });
      else response.redirect(302, url);
    }),

    route(OPERATIONS.previewFile, async ({ caller, params, request, response, log }) => {
      const { record, file } = await openableRecord(api, params.id, caller);
      const name = api.objects.nameOf(file.fileAddress);
      const preview = await previewOf((bytes) => api.objects.head(name, bytes), file.rows);
      audit({ request, log }, 'preview', caller, { recordId: record.id, at: api.clock() });
      response.set('Cache-Control', 'no-store').json(preview);
    }),

    route(OPERATIONS.startSession, (call) => handOverSession(api.handOver, call)),

    route(OPERATIONS.getSession, async ({ caller, response }) => {
      response.set('Cache-Control', 'no-store').json({ ...caller, scopes: scopesOf(caller) });
    }),

    /** Also works for a person whose token has expired. */
    route(OPERATIONS.endSession, async ({ request, response }) => {
      refuseCrossSite(request);
      clearSessionCookie(response);
      response.status(204).end();
    }),

    route(OPERATIONS.getOpenApi, async ({ response }) => void response.json(openApi)),
  ];
}
