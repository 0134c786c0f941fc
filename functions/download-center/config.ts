import { configParser } from '../../shared/config/parse-config.ts';
import {
  fanIn,
  files,
  people,
  portals,
  project,
  rateLimits,
  recordStore,
  sessions,
} from '../../shared/config/variables.ts';

export const parseConfig = configParser({
  ...project,
  ...people,
  ...sessions,
  ...portals,
  ...recordStore,
  ...files,
  ...fanIn,
  ...rateLimits,
});
