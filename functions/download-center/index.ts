import { join } from 'node:path';
import { http } from '@google-cloud/functions-framework';
import { loadReports, loadTableRestrictions } from '../../shared/catalogue/catalogue.ts';
import { openObjectStore } from '../../shared/clients/object-store.ts';
import { openRateLimits } from '../../shared/clients/rate-limits.ts';
import { openRecordStore } from '../../shared/clients/record-store.ts';
import { authenticateAndLimit } from '../../shared/http/admit-person.ts';
import { takeBodiesRaw } from '../../shared/http/json-body.ts';
import { serveRoutes } from '../../shared/http/router.ts';
import { sessionAuthenticator } from '../../shared/http/session.ts';
import { personVerifier } from '../../shared/http/verifiers.ts';
import { createLogger } from '../../shared/logging/logger.ts';
import { parseConfig } from './config.ts';
import { downloadCenterRoutes } from './routes.ts';
import { loadPage, pageRoutes } from './serve-page.ts';

const config = parseConfig(process.env);
takeBodiesRaw();
const logger = createLogger('download-center');
const verify = personVerifier(config);
const authenticate = sessionAuthenticator(verify, config.SIGN_IN_URL);
const page = await loadPage(join(import.meta.dirname, 'dist'));

const reports = await loadReports();
const routes = downloadCenterRoutes({
  reports,
  tables: await loadTableRestrictions(),
  records: await openRecordStore(config, reports, logger),
  objects: openObjectStore(config),
  admit: authenticateAndLimit(authenticate, openRateLimits(config, logger)),
  handOver: { verify, portalOrigins: config.PORTAL_ORIGINS },
  clock: () => new Date(),
});
http(
  'downloadCenter',
  serveRoutes([...routes, ...pageRoutes(page, config.PORTAL_ORIGINS)], config.GOOGLE_CLOUD_PROJECT, logger),
);
