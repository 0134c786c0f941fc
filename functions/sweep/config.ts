import { configParser } from '../../shared/config/parse-config.ts';
import {
  aggregateQueue,
  files,
  internalCalls,
  project,
  queryTopic,
  recordStore,
  retention,
} from '../../shared/config/variables.ts';

export const parseConfig = configParser({
  ...project,
  ...internalCalls,
  ...recordStore,
  ...files,
  ...aggregateQueue,
  ...queryTopic,
  ...retention,
});
