import { configParser } from '../../shared/config/parse-config.ts';
import { files, people, project, recordStore } from '../../shared/config/variables.ts';

export const parseConfig = configParser({ ...project, ...people, ...recordStore, ...files });
