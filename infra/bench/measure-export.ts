import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Storage } from '@google-cloud/storage';
import { downloadCenterClient } from '../../shared/api-client/client.ts';
import type { LocalSystem } from '../local-system/local-system.ts';
import { BUCKET, PROJECT } from '../local-system/names.ts';
import { ensureServers } from '../setup/ensure-servers.ts';
import { CliError } from '../terminal/run-cli.ts';
import { watchRecord } from '../terminal/watch-record.ts';

/** The columns that the report `withdrawals` reads. */
const COLUMNS = 'order_no, user_id, amount, fee, currency, status, bank_name, remark, create_time';

const WHOLE_PERIOD = { from: '2026-01-01', to: '2026-07-01' };

/** The seconds that the mariadb client takes to read the withdrawals and discard them. */
export async function measureRawRead({ mariaDb }: LocalSystem): Promise<number> {
  const { mariadb } = await ensureServers();
  const { user, password } = mariaDb.root;
  const args = [
    '--no-defaults',
    '--quick',
    '--default-character-set=utf8mb4',
    `--host=${mariaDb.host}`,
    `--port=${mariaDb.port}`,
    `--user=${user}`,
  ];
  const began = performance.now();
  const client = spawn(mariadb, [...args, '-e', `SELECT ${COLUMNS} FROM plt_fund.vs_withdraw`], {
    env: { ...process.env, MYSQL_PWD: password },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(client, 'exit');
  if (code !== 0) throw new CliError(`the mariadb client ended with ${code}`);
  return (performance.now() - began) / 1000;
}

/**
 * The seconds from POST to COMPLETED by the record's history. The export's objects are deleted afterwards, so that the
 * disk and the page cache are in the same state for every export.
 */
export async function measureExport(system: LocalSystem, rows: number, signal: AbortSignal): Promise<number> {
  const client = downloadCenterClient({
    origin: system.origin,
    token: await system.token({ adminId: '7', departmentId: '3' }),
  });
  const order = { report: 'withdrawals', conditions: WHOLE_PERIOD, refresh: true };
  const record = await watchRecord(client, await client.create(order), { quiet: true, signal });
  if (record.status !== 'COMPLETED' || record.rows !== rows) {
    throw new CliError(`${record.status} with ${record.rows} rows: ${record.failure?.message}`);
  }
  const storage = new Storage({ projectId: PROJECT, apiEndpoint: system.cloud.storage.url });
  await storage.bucket(BUCKET).deleteFiles({ force: true });
  return secondsOf(record.history);
}

export function secondsOf(history: readonly { at: string }[]): number {
  return (Date.parse(history.at(-1)?.at ?? '') - Date.parse(history[0]?.at ?? '')) / 1000;
}

/** The largest resident set, in MiB, that any function process has reached. */
export async function peakRssMiB({ functions }: LocalSystem): Promise<number> {
  const peaks = [...functions.values()].map(async ({ pid }) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  });
  return Math.max(...(await Promise.all(peaks)));
}
