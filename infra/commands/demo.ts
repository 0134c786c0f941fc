import { parseArgs } from 'node:util';
import { downloadCenterClient } from '../../shared/api-client/client.ts';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import { startLocalSystem } from '../local-system/local-system.ts';
import { type ReceivedWebhook, startWebhookReceiver } from '../local-system/webhook-receiver.ts';
import { type Exported, exportReport } from '../terminal/export-report.ts';
import { CliError, runCli, wholeNumber } from '../terminal/run-cli.ts';

/** The first joins sources of one stage; the second has a stage that is queried by the keys of the one before. */
const SAMPLES = ['withdrawals-by-user-tag', 'payments-by-admin'];

/** A webhook usually follows its record's end within moments. */
const WEBHOOK_MS = 30_000;

interface DemoResult extends Exported {
  webhook: ReceivedWebhook | undefined;
}

/**
 * Starts a local system, exports both sample reports with their example conditions, prints the results and the
 * webhooks, and stops the system.
 */
await runCli(async (signal) => {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, rows: { type: 'string', default: '20000' } },
  });
  const quiet = values.json;
  const print = (text: string) => quiet || process.stdout.write(text);
  const began = performance.now();
  const onStep = (step: string) => quiet || process.stderr.write(`Starting ${step} ...\n`);
  const receiver = await startWebhookReceiver();
  const system = await startLocalSystem({
    purpose: 'demo',
    demo: { rows: wholeNumber('--rows', values.rows) },
    webhooks: [receiver.endpoint],
    signal,
    onStep,
  });
  const results: DemoResult[] = [];
  try {
    const client = downloadCenterClient({
      origin: system.origin,
      token: await system.token({ adminId: '7', departmentId: '3' }),
    });
    const reports = await loadReports();
    for (const { id, title, example } of SAMPLES.flatMap((sample) => reports.get(sample) ?? [])) {
      signal.throwIfAborted();
      print(`\n${id}: ${title.en} (${title['zh-TW']})\n`);
      const order = { report: id, conditions: example, locale: 'zh-TW' };
      const exported = await exportReport(client, order, { quiet, signal });
      const result = { ...exported, webhook: await receiver.waitForWebhook(exported.id, WEBHOOK_MS) };
      results.push(result);
      print(describe(result));
    }
  } finally {
    await system.stop();
    await receiver.close();
  }
  if (quiet) process.stdout.write(`${JSON.stringify({ reports: results.map(({ firstLines, ...rest }) => rest) })}\n`);
  const faulty = results.filter((result) => faultsOf(result).length > 0);
  if (faulty.length > 0)
    throw new CliError(faulty.map((result) => `${result.report}: ${faultsOf(result).join('; ')}`).join('\n'));
  print(`\nBoth files match their records. From start to stop it took ${seconds(performance.now() - began)}.\n`);
});

function faultsOf({ status, faults, webhook }: DemoResult): string[] {
  return [
    ...(status === 'COMPLETED' ? [] : [status]),
    ...faults,
    ...(webhook ? [] : [`no webhook within ${seconds(WEBHOOK_MS)}`]),
    ...(webhook && !webhook.verified ? ['the webhook is not signed as it should be'] : []),
    ...(webhook && webhook.type !== 'report.completed' ? [`the webhook says ${webhook.type}`] : []),
  ];
}

function describe(result: DemoResult): string {
  const { id, history, rows, bytes, crc32c, fileAddress, url, firstLines, webhook } = result;
  const began = Date.parse(history[0]?.at ?? '');
  const steps = history.map(({ status, at }) => `${status} ${seconds(Date.parse(at) - began)}`).join(' → ');
  const facts = [
    `record  ${id}`,
    `history ${steps}`,
    `file    ${rows} rows, ${bytes} bytes, crc32c ${crc32c}`,
    `        ${fileAddress}`,
    `webhook ${webhook ? `${webhook.type}, signature ${webhook.verified ? 'verified' : 'WRONG'}: ${webhook.link}` : 'none'}`,
  ];
  return `${facts.map((fact) => `  ${fact}\n`).join('')}  url     ${url}\n\n${firstLines.map((line) => `    ${line}\n`).join('')}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
