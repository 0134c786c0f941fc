import { configParser } from '../../shared/config/parse-config.ts';
import {
  aggregateQueue,
  files,
  internalCalls,
  project,
  queryTopic,
  recordStore,
  retention,
  tracing,
} from '../../shared/config/variables.ts';

export const parseConfig = configParser({
  ...project,
  ...tracing,
  ...internalCalls,
  ...recordStore,
  ...files,
  ...aggregateQueue,
  ...queryTopic,
  ...retention,
});
