import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import type { WebhookEndpoint } from '../local-system/deployments.ts';
import { type LocalSystem, startLocalSystem } from '../local-system/local-system.ts';
import { findRunningSystem, publishRunningSystem, removeRunningSystem } from '../local-system/running-system.ts';
import { CliError, runCli, wholeNumber } from '../terminal/run-cli.ts';

/** Runs a local system until Ctrl-C. */
await runCli(async (signal) => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      rows: { type: 'string', default: '20000' },
      webhook: { type: 'string' },
    },
  });
  const webhooks = values.webhook === undefined ? [] : [webhookTo(values.webhook)];
  const onStep = (step: string) => process.stderr.write(`Starting ${step} ...\n`);
  const system = await startLocalSystem({
    purpose: 'start',
    port: wholeNumber('--port', values.port, 65_535),
    demo: { rows: wholeNumber('--rows', values.rows) },
    webhooks,
    signal,
    onStep,
  }).catch((error) => {
    throw error?.code === 'EADDRINUSE'
      ? new CliError(`Port ${values.port} is taken. Choose another: npm start -- --port 8081`)
      : error;
  });
  try {
    await publishRunningSystem(system);
    process.stdout.write(await usageHints(system));
    for (const { url, secret } of webhooks) process.stdout.write(`Webhooks go to ${url}, signed with ${secret}\n\n`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    process.stderr.write('Stopping ...\n');
    await removeRunningSystem();
    await system.stop();
  }
});

function webhookTo(url: string): WebhookEndpoint {
  if (!/^https?:/.test(url) || !URL.canParse(url))
    throw new CliError(`--webhook takes an http or https URL, not ${url}`);
  return { id: 'own', url, secret: `whsec_${randomBytes(32).toString('base64')}`, allowPrivate: true };
}

async function usageHints({ origin, signInUrl, logFolder }: LocalSystem): Promise<string> {
  const token = await (await findRunningSystem()).token({ adminId: '7', departmentId: '3' });
  const id = 'withdrawals-by-user-tag';
  const example = (await loadReports()).get(id)?.example;
  const order = JSON.stringify({ report: id, conditions: example });
  return `
The Report Download Center is up. Ctrl-C ends it.

  The page          ${origin}/
  Sign in           ${signInUrl}
  API reference     ${origin}/docs

Ask for a report (admin 7, department 3):

  TOKEN='${token}'
  curl -sS ${origin}/v1/downloads -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${order}'

List the downloads, and fetch a file by its record's id:

  curl -sS ${origin}/v1/downloads -H "Authorization: Bearer $TOKEN"
  curl -sSL ${origin}/v1/downloads/<id>/file -H "Authorization: Bearer $TOKEN" -OJ

Or, in another terminal, all in one:

  npm run report -- ${id} --conditions '${JSON.stringify(example)}' --out file.csv

The functions log to ${logFolder}

`;
}
