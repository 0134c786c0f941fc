import { createHash } from 'node:crypto';
import { openApiDocument } from '../../shared/api/openapi.ts';
import { OPERATIONS } from '../../shared/api/operations.ts';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { mayAsk, mayOpen, type Person } from '../../shared/domain/rights.ts';
import { cancel } from '../../shared/domain/transitions.ts';
import { ownRecord, readableRecord } from '../../shared/http/find-record.ts';
import { type Admit, operationRoutes } from '../../shared/http/operation-route.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Route } from '../../shared/http/router.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { describeReport } from './describe-report.ts';
import { fileNamesOf } from './file-name.ts';
import { listReadable } from './list-readable.ts';
import { representFor } from './represent-for.ts';

export interface DownloadCenterApi {
  reports: Catalogue;
  records: RecordStore;
  objects: ObjectStore;
  admit: Admit;
  clock: () => Date;
}

/** A signed URL is a bearer credential: minted on click, for minutes. */
const URL_LIFETIME_SECONDS = 5 * 60;

export function downloadCenterRoutes(api: DownloadCenterApi): Route[] {
  const route = operationRoutes(api.admit);
  const openApi = openApiDocument();

  /** The record with its file, if the person may open it with the rights that they have now. */
  const openable = async (id: string | undefined, caller: Person) => {
    const record = await readableRecord(api, id, caller);
    const expired = record.expiresAt !== undefined && record.expiresAt <= api.clock();
    const { status, file } = record;
    if (status !== 'COMPLETED' || !file || expired) {
      throw new Problem('no-file', { recordStatus: expired ? 'EXPIRED' : status });
    }
    const report = api.reports.get(record.report);
    if (!report || !mayOpen(caller, record, report)) throw new Problem('rights-changed');
    return { record, file, report };
  };

  return [
    route(OPERATIONS.listReports, async ({ caller, response }) => {
      const open = [...api.reports.values()].filter((report) => mayAsk(caller, report));
      response.json({ reports: open.map(describeReport) });
    }),

    route(OPERATIONS.listDownloads, async ({ caller, query, response }) => {
      const { records, nextPageToken } = await listReadable(api, caller, query);
      response.set('Cache-Control', 'no-store').json({
        downloads: records.map((record) => representFor(caller, record, api.reports)),
        ...(nextPageToken ? { nextPageToken } : {}),
      });
    }),

    route(OPERATIONS.getDownload, async ({ caller, params, request, response }) => {
      const record = await readableRecord(api, params.id, caller);
      const body = JSON.stringify(representFor(caller, record, api.reports));
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
      response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
      // Not by `fresh`: a client of fetch that says If-None-Match says no-cache as well.
      if (hasTag(request.get('If-None-Match'), etag)) response.status(304).end();
      else response.type('application/json').send(body);
    }),

    route(OPERATIONS.cancelDownload, async ({ caller, params, response, log }) => {
      const record = await ownRecord(api, params.id, caller);
      const cancelled =
        (await api.records.update(record.id, cancel(api.clock()))) ?? (await api.records.get(record.id));
      if (cancelled?.status !== 'CANCELLED') {
        throw new Problem('already-finished', { recordStatus: cancelled?.status ?? 'gone' });
      }
      log.info('cancelled');
      response.json(representFor(caller, cancelled, api.reports));
    }),

    route(OPERATIONS.getFile, async ({ caller, params, query, response, log }) => {
      const { record, file, report } = await openable(params.id, caller);
      const names = fileNamesOf(record, report);
      const url = await api.objects.signedUrl(api.objects.nameOf(file.fileAddress), {
        expiresInSeconds: URL_LIFETIME_SECONDS,
        ...names,
      });
      log.info({ adminId: caller.adminId }, 'download');
      response.set('Cache-Control', 'no-store');
      if (query.redirect === 'false')
        response.json({ url, fileName: names.fileName, expiresInSeconds: URL_LIFETIME_SECONDS });
      else response.redirect(302, url);
    }),

    route(OPERATIONS.getOpenApi, async ({ response }) => void response.json(openApi)),
  ];
}

function hasTag(header: string | undefined, etag: string): boolean {
  return header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}
