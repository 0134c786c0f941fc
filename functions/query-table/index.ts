import '../../shared/runtime/collect-by-total-memory.ts';
import { http } from '@google-cloud/functions-framework';
import { mysqlTableReader } from '../../shared/adapters/mysql-table-reader/table-reader.ts';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import { openFanIn } from '../../shared/clients/fan-in.ts';
import { openObjectStore } from '../../shared/clients/object-store.ts';
import { openRecordStore } from '../../shared/clients/record-store.ts';
import { openAggregateQueue } from '../../shared/clients/task-queues.ts';
import { openTracing } from '../../shared/clients/tracing.ts';
import { internalFunction } from '../../shared/http/internal-call.ts';
import { takeBodiesRaw } from '../../shared/http/json-body.ts';
import { invokerVerifier } from '../../shared/http/verifiers.ts';
import { createLogger } from '../../shared/logging/logger.ts';
import { parseConfig } from './config.ts';
import { queryTable } from './query-table.ts';
import { parsePush } from './stage-message.ts';

const config = parseConfig(process.env);
const logger = createLogger('query-table').child({ table: config.TABLE });
takeBodiesRaw();

const reports = await loadReports();
const ports = {
  reports,
  records: await openRecordStore(config, reports, logger),
  fanIn: openFanIn(config, logger),
  objects: openObjectStore(config),
  queue: openAggregateQueue(config),
  reader: mysqlTableReader({ uri: config.TABLE_DATABASE_URL }),
  clock: () => new Date(),
  machine: { vcpu: config.INSTANCE_CPU, memoryGib: config.INSTANCE_MEMORY },
};

http(
  'queryTable',
  internalFunction(
    {
      verify: invokerVerifier(config),
      projectId: config.GOOGLE_CLOUD_PROJECT,
      logger,
      tracing: openTracing(config, 'query-table', logger),
    },
    (body) => parsePush(body, config.TABLE),
    async ({ asked, message }, log) => {
      if (asked) await queryTable(message, config.TABLE, ports, log);
    },
  ),
);
