import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { downloadCenterClient } from '../../shared/api-client/client.ts';
import type { DownloadRecord } from '../../shared/api-client/types.ts';
import { findRunningSystem } from '../local-system/running-system.ts';
import { personOf, personOptions } from '../terminal/person-options.ts';
import { CliError, jsonOption, runCli } from '../terminal/run-cli.ts';
import { traceOf } from '../terminal/trace-of.ts';
import { watchRecord } from '../terminal/watch-record.ts';
import { waterfall } from '../terminal/waterfall.ts';

const USAGE = `usage: npm run report -- <report> --conditions '<JSON>' --out <file> [--locale en|zh-TW|zh-CN] [--refresh]
       [--trace] [--admin <id>] [--department <id>] [--role <role> …]`;

/**
 * Requests a report from the running system, shows its progress, downloads the file, and prints the export's trace if
 * asked to. Ctrl-C cancels the record.
 */
await runCli(async (signal) => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...personOptions,
      conditions: { type: 'string' },
      out: { type: 'string' },
      locale: { type: 'string', default: 'en' },
      refresh: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
    },
  });
  const [report] = positionals;
  const { conditions, out, locale, refresh } = values;
  if (report === undefined || conditions === undefined || out === undefined) throw new CliError(USAGE);
  await requireWritable(out);

  const system = await findRunningSystem();
  const token = await system.token(personOf(values));
  const client = downloadCenterClient({ origin: system.origin, token, locale });
  const order = { report, conditions: jsonOption('--conditions', conditions), locale, refresh };
  const created = await client.create(order);
  const record = await watchRecord(client, created, { quiet: false, signal }).catch(async (error) => {
    // An active record would keep its admin from requesting another report.
    if (signal.aborted) await client.cancel(created.id).catch(() => {});
    throw error;
  });
  if (values.trace) process.stdout.write(await renderTrace(system.collector, record, signal));
  if (record.status !== 'COMPLETED') throw new CliError(`${record.status}: ${record.failure?.message ?? record.id}`);
  await download((await client.file(record.id)).url, out, signal);
  process.stdout.write(`${out}: ${record.rows} rows, ${record.bytes} bytes\n`);
});

async function renderTrace(
  collector: string,
  { id, reusedFrom }: DownloadRecord,
  signal: AbortSignal,
): Promise<string> {
  if (reusedFrom !== undefined) return `${id} shares a file that was made before, and has no trace of its own.\n`;
  const spans = await traceOf(collector, id, signal);
  if (spans.length === 0) return `There is no trace of ${id} any more.\n`;
  return `\n${waterfall(spans, process.stdout.columns ?? 80)}\n`;
}

/** Checked before the request, so that no export is made in vain. */
async function requireWritable(out: string): Promise<void> {
  const folder = await stat(dirname(resolve(out))).catch(() => undefined);
  const there = await stat(out).catch(() => undefined);
  if (!folder?.isDirectory() || there?.isDirectory()) throw new CliError(`--out ${out} is no file that can be written`);
}

/** The file appears under its name only when it is complete. */
async function download(url: string, out: string, signal: AbortSignal): Promise<void> {
  const partial = `${out}.part`;
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) throw new CliError(`the download was answered with ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(partial), { signal });
    await rename(partial, out);
  } finally {
    await rm(partial, { force: true });
  }
}
