import { z } from 'zod';
import type { Catalogue } from '../../shared/catalogue/catalogue.ts';
import { STATUSES } from '../../shared/domain/record.ts';
import { cancel } from '../../shared/domain/transitions.ts';
import type { Caller } from '../../shared/http/authenticate.ts';
import { faultsOf } from '../../shared/http/faults.ts';
import { ownRecord } from '../../shared/http/own-record.ts';
import { Problem } from '../../shared/http/problem.ts';
import { representRecord } from '../../shared/http/representation.ts';
import { type Call, type Route, route } from '../../shared/http/router.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { describeReport } from './describe-report.ts';
import { fileNamesOf } from './file-name.ts';

export interface DownloadCenterApi {
  reports: Catalogue;
  records: RecordStore;
  objects: ObjectStore;
  authenticate: (authorization: string | undefined) => Promise<Caller>;
  clock: () => Date;
}

/** A signed URL is a bearer credential: minted on click, for minutes. */
const URL_LIFETIME_SECONDS = 5 * 60;

const ListQuery = z.strictObject({
  status: z.enum(STATUSES).optional(),
  report: z.string().optional(),
  pageSize: z.coerce.number().int().min(1).max(100).default(20),
  pageToken: z.uuid().optional(),
});

export function downloadCenterRoutes(api: DownloadCenterApi): Route[] {
  const callerOf = ({ request }: Call) => api.authenticate(request.get('authorization'));

  return [
    route('GET', '/v1/reports', async (call) => {
      await callerOf(call);
      call.response.json({ reports: [...api.reports.values()].map(describeReport) });
    }),

    route('GET', '/v1/downloads', async (call) => {
      const { adminId, source } = await callerOf(call);
      const { status, report, pageSize, pageToken } = parseListQuery(call.request.query);
      const records = await api.records.list({
        adminId,
        source,
        ...(status ? { status } : {}),
        ...(report ? { report } : {}),
        ...(pageToken ? { before: pageToken } : {}),
        // One more tells whether there is a next page.
        limit: pageSize + 1,
      });
      const page = records.slice(0, pageSize);
      const last = records.length > pageSize ? page.at(-1)?.id : undefined;
      call.response.json({ downloads: page.map(representRecord), ...(last ? { nextPageToken: last } : {}) });
    }),

    route('GET', '/v1/downloads/:id', async (call) => {
      const record = await ownRecord(api.records, call.params.id, await callerOf(call));
      call.response.set('Cache-Control', 'no-store').json(representRecord(record));
    }),

    route('POST', '/v1/downloads/:id\\:cancel', async (call) => {
      const record = await ownRecord(api.records, call.params.id, await callerOf(call));
      const cancelled =
        (await api.records.update(record.id, cancel(api.clock()))) ?? (await api.records.get(record.id));
      if (cancelled?.status !== 'CANCELLED') {
        throw new Problem(409, 'already-finished', `the record is ${cancelled?.status ?? 'gone'} already`);
      }
      call.log.info('cancelled');
      call.response.json(representRecord(cancelled));
    }),

    route('GET', '/v1/downloads/:id/file', async (call) => {
      const record = await ownRecord(api.records, call.params.id, await callerOf(call));
      const expired = record.expiresAt !== undefined && record.expiresAt <= api.clock();
      if (record.status !== 'COMPLETED' || !record.file || expired) {
        throw new Problem(409, 'no-file', `there is no file: the record is ${expired ? 'EXPIRED' : record.status}`);
      }
      const names = fileNamesOf(record, api.reports.get(record.report));
      const url = await api.objects.signedUrl(api.objects.nameOf(record.file.fileAddress), {
        expiresInSeconds: URL_LIFETIME_SECONDS,
        ...names,
      });
      call.log.info({ adminId: record.adminId }, 'download');
      call.response.set('Cache-Control', 'no-store');
      if (call.request.query.redirect === 'false')
        call.response.json({ url, fileName: names.fileName, expiresInSeconds: URL_LIFETIME_SECONDS });
      else call.response.redirect(302, url);
    }),
  ];
}

function parseListQuery(query: unknown): z.output<typeof ListQuery> {
  const parsed = ListQuery.safeParse(query);
  if (parsed.success) return parsed.data;
  throw new Problem(400, 'invalid-request', 'the query has faults', { errors: faultsOf(parsed.error) });
}
