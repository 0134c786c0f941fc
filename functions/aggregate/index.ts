import '../../shared/runtime/collect-by-total-memory.ts';
import { http } from '@google-cloud/functions-framework';
import { duckDbJoiner } from '../../shared/adapters/duckdb-joiner/joiner.ts';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import { openFanIn } from '../../shared/clients/fan-in.ts';
import { openObjectStore } from '../../shared/clients/object-store.ts';
import { openStagePublisher } from '../../shared/clients/publishers.ts';
import { openRecordStore } from '../../shared/clients/record-store.ts';
import { openAggregateQueue } from '../../shared/clients/task-queues.ts';
import { openTracing } from '../../shared/clients/tracing.ts';
import { internalFunction } from '../../shared/http/internal-call.ts';
import { takeBodiesRaw } from '../../shared/http/json-body.ts';
import { invokerVerifier } from '../../shared/http/verifiers.ts';
import { createLogger } from '../../shared/logging/logger.ts';
import { aggregate } from './aggregate.ts';
import { parseConfig } from './config.ts';
import type { AggregatePorts } from './look.ts';
import { parseTask } from './task.ts';

const config = parseConfig(process.env);
const logger = createLogger('aggregate');
takeBodiesRaw();

const reports = await loadReports();
const ports: AggregatePorts = {
  reports,
  records: await openRecordStore(config, reports, logger),
  fanIn: openFanIn(config, logger),
  objects: openObjectStore(config),
  queue: openAggregateQueue(config),
  publisher: openStagePublisher(config),
  joiner: duckDbJoiner({ memoryLimit: config.JOIN_MEMORY_LIMIT, spillLimit: config.JOIN_SPILL_LIMIT }),
  clock: () => new Date(),
  machine: { vcpu: config.INSTANCE_CPU, memoryGib: config.INSTANCE_MEMORY },
  recordsInFirestore: config.RECORD_STORE === 'firestore',
  retention: { fileDays: config.FILE_DAYS, recordDays: config.RECORD_DAYS },
};

http(
  'aggregate',
  internalFunction(
    {
      verify: invokerVerifier(config),
      projectId: config.GOOGLE_CLOUD_PROJECT,
      logger,
      tracing: openTracing(config, 'aggregate', logger),
    },
    parseTask,
    (task, log) => aggregate(task, ports, log),
  ),
);
