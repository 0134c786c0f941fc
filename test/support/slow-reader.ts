/**
 * Reads a query as one who takes a block at a time with pauses, in a process of its own: what it holds is then the
 * read's alone, and collecting garbage does not go over all that a test runner has loaded.
 * `node --expose-gc slow-reader.ts <login as JSON> <SQL>` prints { rows, bytes, peak } (of the buffers held, in bytes).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { mysqlTableReader } from '../../shared/adapters/mysql-table-reader/table-reader.ts';
import { never } from './never.ts';

/** What a collection finds dead of buffers, V8 frees beside the program, but is done with it when the next begins. */
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
