import { parseArgs } from 'node:util';
import { downloadCenterClient } from '../../shared/api-client/client.ts';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import { startLocalSystem } from '../local-system/local-system.ts';
import { type Exported, exportReport } from './export-report.ts';
import { CliError, runCli, wholeNumber } from './run-cli.ts';

/** One joins what is asked at once, the other asks a second stage by the first one's keys. */
const SAMPLES = ['withdrawals-by-user-tag', 'payments-by-admin'];

/** Starts everything, exports both sample reports with their example conditions, shows what came of it, and stops everything. */
await runCli(async (signal) => {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, rows: { type: 'string', default: '20000' } },
  });
  const quiet = values.json;
  const say = (text: string) => quiet || process.stdout.write(text);
  const began = performance.now();
  const onStep = (step: string) => quiet || process.stderr.write(`Starting ${step} ...\n`);
  const system = await startLocalSystem({
    purpose: 'demo',
    demo: { rows: wholeNumber('--rows', values.rows) },
    signal,
    onStep,
  });
  const exported: Exported[] = [];
  try {
    const client = downloadCenterClient({
      origin: system.origin,
      token: await system.token({ adminId: '7', departmentId: '3' }),
    });
    const reports = await loadReports();
    for (const { id, title, example } of SAMPLES.flatMap((sample) => reports.get(sample) ?? [])) {
      signal.throwIfAborted();
      say(`\n${id}: ${title.en} (${title['zh-TW']})\n`);
      const order = { report: id, conditions: example, locale: 'zh-TW' };
      const result = await exportReport(client, order, { quiet, signal });
      exported.push(result);
      say(describe(result));
    }
  } finally {
    await system.stop();
  }
  if (quiet) process.stdout.write(`${JSON.stringify({ reports: exported.map(({ firstLines, ...rest }) => rest) })}\n`);
  const wrong = exported.filter(({ status, faults }) => status !== 'COMPLETED' || faults.length > 0);
  if (wrong.length > 0)
    throw new CliError(
      wrong.map(({ report, status, faults }) => `${report}: ${[status, ...faults].join('; ')}`).join('\n'),
    );
  say(`\nBoth files are as the records say, in ${seconds(performance.now() - began)} from start to stop.\n`);
});

function describe({ id, history, rows, bytes, crc32c, fileAddress, url, firstLines }: Exported): string {
  const began = Date.parse(history[0]?.at ?? '');
  const way = history.map(({ status, at }) => `${status} ${seconds(Date.parse(at) - began)}`).join(' → ');
  const facts = [
    `record  ${id}`,
    `way     ${way}`,
    `file    ${rows} rows, ${bytes} bytes, crc32c ${crc32c}`,
    `        ${fileAddress}`,
  ];
  return `${facts.map((fact) => `  ${fact}\n`).join('')}  url     ${url}\n\n${firstLines.map((line) => `    ${line}\n`).join('')}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
