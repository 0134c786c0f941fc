import { setTimeout as delay } from 'node:timers/promises';
import { downloadCenterClient } from '../../shared/api-client/client.ts';
import type { LocalSystem } from '../local-system/local-system.ts';
import { CliError } from '../terminal/run-cli.ts';
import { watchRecord } from '../terminal/watch-record.ts';
import { percentile } from './figures.ts';
import { secondsOf } from './measure-export.ts';

const SMALL_REPORTS = 30;

/** Of 20,000 withdrawals over the demo period's 181 days, about 1,000 fall on nine. */
export const NINE_DAYS = { from: '2026-02-01', to: '2026-02-09' };

/**
 * The median of the milliseconds from POST to COMPLETED for reports of about 1,000 rows, one after another on an idle
 * system.
 */
export async function measureSmallReport(system: LocalSystem, signal: AbortSignal): Promise<number> {
  const client = downloadCenterClient({
    origin: system.origin,
    token: await system.token({ adminId: '7', departmentId: '3' }),
  });
  const order = { report: 'withdrawals', conditions: NINE_DAYS, refresh: true };
  const taken: number[] = [];
  for (let run = 0; run < SMALL_REPORTS; run++) {
    const record = await watchRecord(client, await client.create(order), { quiet: true, signal });
    if (record.status !== 'COMPLETED') throw new CliError(`a small report ended as ${record.status}`);
    taken.push(secondsOf(record.history) * 1000);
  }
  return percentile(taken, 0.5);
}

const PER_SECOND = 50;
const SECONDS = 20;

/**
 * The 99th percentile of the response times, in milliseconds, of POST /v1/downloads at 50 requests a second, each by
 * another admin. Deliveries are held, so that create-report alone is measured, which scales by itself, and not this
 * machine under fifty reports a second. The load is open-loop: requests are sent at their times however long the
 * responses take.
 */
export async function measureCreate(system: LocalSystem): Promise<number> {
  const releases = [system.cloud.pubsub.faults.hold(), system.cloud.tasks.faults.hold()];
  const tokens = await Promise.all(
    Array.from({ length: PER_SECOND * SECONDS }, (_, index) =>
      system.token({ adminId: `${1000 + index}`, departmentId: '3' }),
    ),
  );
  const body = JSON.stringify({ report: 'withdrawals', conditions: NINE_DAYS, refresh: true });
  const post = async (token: string, at: number) => {
    await delay(at - performance.now());
    const response = await fetch(`${system.origin}/v1/downloads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    await response.arrayBuffer();
    if (response.status !== 202) throw new CliError(`a POST was answered with ${response.status}`);
    return performance.now() - at;
  };
  const began = performance.now() + 100;
  const taken = await Promise.all(tokens.map((token, index) => post(token, began + (index * 1000) / PER_SECOND)));
  for (const release of releases) release();
  // The first second is a warm-up: connections are opened, code is compiled.
  return percentile(taken.slice(PER_SECOND), 0.99);
}
