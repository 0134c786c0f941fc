import { configParser } from '../../shared/config/parse-config.ts';
import {
  aggregateQueue,
  fanIn,
  files,
  invoker,
  people,
  project,
  queryTopic,
  rateLimits,
  recordStore,
} from '../../shared/config/variables.ts';

export const parseConfig = configParser({
  ...project,
  ...people,
  ...recordStore,
  ...files,
  ...aggregateQueue,
  ...queryTopic,
  ...invoker,
  ...fanIn,
  ...rateLimits,
});
