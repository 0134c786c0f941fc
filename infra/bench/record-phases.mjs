/**
 * Loaded into a function before anything else (`node --import`): writes when that was, when the Functions Framework began to load the function, and when it listened, in
 * milliseconds since 1970, to the file that TELL_PHASES_TO names. The modules themselves say it, by Node's diagnostics channels.
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
