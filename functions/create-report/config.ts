import { configParser } from '../../shared/config/parse-config.ts';
import {
  aggregateQueue,
  files,
  invoker,
  people,
  project,
  queryTopic,
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
});
