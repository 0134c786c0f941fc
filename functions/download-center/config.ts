import { configParser } from '../../shared/config/parse-config.ts';
import { fanIn, files, people, project, rateLimits, recordStore } from '../../shared/config/variables.ts';

export const parseConfig = configParser({ ...project, ...people, ...recordStore, ...files, ...fanIn, ...rateLimits });
