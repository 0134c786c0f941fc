import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This checkout. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** `.local/` of this checkout, git-ignored: whatever the local system keeps on disk, so that two checkouts share nothing. */
export const localFolder = join(projectRoot, '.local');
