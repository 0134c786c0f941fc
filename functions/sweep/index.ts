import { http } from '@google-cloud/functions-framework';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import { openObjectStore } from '../../shared/clients/object-store.ts';
import { openStagePublisher } from '../../shared/clients/publishers.ts';
import { openRecordStore } from '../../shared/clients/record-store.ts';
import { openAggregateQueue } from '../../shared/clients/task-queues.ts';
import { openTracing } from '../../shared/clients/tracing.ts';
import { internalFunction } from '../../shared/http/internal-call.ts';
import { invokerVerifier } from '../../shared/http/verifiers.ts';
import { createLogger } from '../../shared/logging/logger.ts';
import { parseConfig } from './config.ts';
import { sweep } from './sweep.ts';

const config = parseConfig(process.env);
const logger = createLogger('sweep');

const reports = await loadReports();
const ports = {
  reports,
  records: await openRecordStore(config, reports, logger),
  objects: openObjectStore(config),
  queue: openAggregateQueue(config),
  publisher: openStagePublisher(config),
  clock: () => new Date(),
  retention: { fileDays: config.FILE_DAYS, recordDays: config.RECORD_DAYS },
};

http(
  'sweep',
  internalFunction(
    {
      verify: invokerVerifier(config),
      projectId: config.GOOGLE_CLOUD_PROJECT,
      logger,
      tracing: openTracing(config, 'sweep', logger),
    },
    () => ({}),
    (_call, log) => sweep(ports, log),
  ),
);
