import { fileURLToPath } from 'node:url';

/** `.local/` of this checkout, git-ignored: whatever the local system keeps on disk, so that two checkouts share nothing. */
export const localFolder = fileURLToPath(new URL('../../.local', import.meta.url));
