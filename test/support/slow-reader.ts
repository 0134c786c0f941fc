/**
 * Reads a query slowly, with a pause after each block, in a separate process. The buffers that it holds are therefore
 * those of the read alone, and garbage collection does not traverse everything that a test runner has loaded.
 * `node --expose-gc slow-reader.ts <login as JSON> <SQL>` prints { rows, bytes, peak } (of the buffers held, in bytes).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { mysqlTableReader } from '../../shared/adapters/mysql-table-reader/table-reader.ts';
import { never } from './never.ts';

/** V8 frees the buffers that a collection finds dead concurrently, but finishes before the next collection starts. */
function bytesHeld(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().arrayBuffers;
}

const [login = '', sql = ''] = process.argv.slice(2);
const reader = mysqlTableReader(JSON.parse(login));
const before = bytesHeld();
let bytes = 0;
let peak = 0;
const { blocks, rowsRead } = await reader.read([{ sql, bindings: [] }], never);
for await (const block of blocks) {
  bytes += block.length;
  await sleep(20);
  peak = Math.max(peak, bytesHeld() - before);
}
process.stdout.write(JSON.stringify({ rows: rowsRead(), bytes, peak }));
