import { configParser } from '../../shared/config/parse-config.ts';
import { internalCalls, page, project, tracing, webhookQueue } from '../../shared/config/variables.ts';
import { endpointsVariable } from './endpoints.ts';

export const parseConfig = configParser({
  ...project,
  ...tracing,
  ...internalCalls,
  ...webhookQueue,
  ...page,
  /** The webhook endpoints as a JSON array, see endpoints.ts. It contains their secrets. */
  WEBHOOK_ENDPOINTS: endpointsVariable,
});
