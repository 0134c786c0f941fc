import { configParser } from '../../shared/config/parse-config.ts';
import {
  aggregateQueue,
  fanIn,
  files,
  people,
  project,
  queryTopic,
  rateLimits,
  recordStore,
  sessions,
  tracing,
} from '../../shared/config/variables.ts';

export const parseConfig = configParser({
  ...project,
  ...tracing,
  ...people,
  ...sessions,
  ...recordStore,
  ...files,
  ...aggregateQueue,
  ...queryTopic,
  ...fanIn,
  ...rateLimits,
});
