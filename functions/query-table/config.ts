import { z } from 'zod';
import { configParser } from '../../shared/config/parse-config.ts';
import {
  aggregateQueue,
  fanIn,
  files,
  instance,
  internalCalls,
  project,
  recordStore,
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
  ...instance,
  /** The table that this deployment reads, e.g. plt_fund.vs_withdraw. */
  TABLE: z.string().min(1),
  /** mysql://user:password@host:port of the login that may read the table. */
  TABLE_DATABASE_URL: z.url(),
});
