import { z } from 'zod';
import { configParser } from '../../shared/config/parse-config.ts';
import {
  aggregateQueue,
  fanIn,
  files,
  instance,
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
  ...fanIn,
  ...files,
  ...aggregateQueue,
  ...queryTopic,
  ...retention,
  ...instance,
  /** Memory limit of DuckDB's buffers. */
  JOIN_MEMORY_LIMIT: z.string().default('160MB'),
  /** Size limit of the data that DuckDB spills to files. A function's file system is held in memory. */
  JOIN_SPILL_LIMIT: z.string().default('1GB'),
});
