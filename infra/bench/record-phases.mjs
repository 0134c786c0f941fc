/**
 * Preloaded into a function (`node --import`). Writes to the file PHASES_FILE, in milliseconds since 1970, when it was
 * loaded itself, when the Functions Framework began to import the function, and when the server listened, by Node's
 * diagnostics channels.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

const now = () => performance.timeOrigin + performance.now();
const phases = { booted: now() };

subscribe('tracing:module.import:start', ({ url }) => {
  if (String(url).endsWith('/index.mjs')) phases.importing ??= now();
});
subscribe('tracing:net.server.listen:asyncEnd', () => {
  phases.listening = now();
  writeFileSync(process.env.PHASES_FILE, JSON.stringify(phases));
});
