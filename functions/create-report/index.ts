import { http } from '@google-cloud/functions-framework';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import { openObjectStore } from '../../shared/clients/object-store.ts';
import { openStagePublisher } from '../../shared/clients/publishers.ts';
import { openRateLimits } from '../../shared/clients/rate-limits.ts';
import { openRecordStore } from '../../shared/clients/record-store.ts';
import { openAggregateQueue } from '../../shared/clients/task-queues.ts';
import { openTracing } from '../../shared/clients/tracing.ts';
import { authenticateAndLimit } from '../../shared/http/admit-person.ts';
import { takeBodiesRaw } from '../../shared/http/json-body.ts';
import { serveRoutes } from '../../shared/http/router.ts';
import { sessionAuthenticator } from '../../shared/http/session.ts';
import { personVerifier } from '../../shared/http/verifiers.ts';
import { createLogger } from '../../shared/logging/logger.ts';
import { parseConfig } from './config.ts';
import { createReportRoutes } from './routes.ts';

const config = parseConfig(process.env);
takeBodiesRaw();
const logger = createLogger('create-report');
const authenticate = sessionAuthenticator(personVerifier(config), config.SIGN_IN_URL);

const reports = await loadReports();
const routes = createReportRoutes({
  reports,
  records: await openRecordStore(config, reports, logger),
  objects: openObjectStore(config),
  queue: openAggregateQueue(config),
  publisher: openStagePublisher(config),
  admit: authenticateAndLimit(authenticate, openRateLimits(config, logger)),
  tracing: openTracing(config, 'create-report', logger),
  clock: () => new Date(),
});
http('createReport', serveRoutes(routes, config.GOOGLE_CLOUD_PROJECT, logger));
