import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this checkout. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The git-ignored `.local/`, for all that the local system keeps on disk: two checkouts share nothing. */
export const localFolder = join(projectRoot, '.local');
