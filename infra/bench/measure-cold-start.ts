import { readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { queryFunctionName } from '../functions.ts';
import { spawnServer } from '../local-servers/spawn-server.ts';
import { withoutSignature } from '../local-system/caller-check.ts';
import type { LocalSystem } from '../local-system/local-system.ts';
import { INVOKER } from '../local-system/names.ts';
import { CliError } from '../terminal/run-cli.ts';
import { type ColdStart, percentile } from './figures.ts';
import { NINE_DAYS } from './measure-latency.ts';

/** The sources of the report `withdrawals`. */
const SOURCES = [
  { name: 'withdrawals', table: 'plt_fund.vs_withdraw' },
  { name: 'tags', table: 'plt_user.vs_user_tag_relation' },
];

/** A function's first request, and the expected status. */
interface Call {
  name: string;
  method: 'GET' | 'POST';
  path: string;
  /** The invoker's token by default. */
  token?: string;
  body?: object;
  expected: number;
}

/**
 * Measures the cold start of every function: `runs` reports are exported, each by processes that are started anew at
 * every step. The requests are real work: a record is createRecord, a table read, a file written, an event forwarded.
 * Returns the median time of each function, and its phases from the median of as many further runs, in which the
 * process records them; recording takes some 15 ms itself. Deliveries are held, so that the system's own processes do
 * none of the work.
 */
export async function measureColdStarts(
  system: LocalSystem,
  runs: number,
  signal: AbortSignal,
): Promise<Record<string, ColdStart>> {
  system.cloud.pubsub.faults.hold();
  system.cloud.tasks.faults.hold();
  const totals: Record<string, number[]> = {};
  const recorded: Record<string, ColdStart[]> = {};
  for (let run = 0; run < 2 * runs; run++) {
    const call = async (what: Call) => {
      signal.throwIfAborted();
      const { totalMs, phases, answer } = await startAndCall(system, what, run % 2 === 1);
      const { name } = what;
      if (phases) recorded[name] = [...(recorded[name] ?? []), { totalMs, ...phases }];
      else totals[name] = [...(totals[name] ?? []), totalMs];
      return answer;
    };
    const token = await system.token({ adminId: `${500 + run}`, departmentId: '3' });
    const order = { report: 'withdrawals', conditions: NINE_DAYS, refresh: true };
    const createRecord = {
      name: 'create-report',
      method: 'POST',
      path: '/v1/downloads',
      token,
      body: order,
      expected: 202,
    } as const;
    const { id, source } = JSON.parse(await call(createRecord));
    const stage = { recordId: id, stage: 0, dispatchId: 'bench', sources: SOURCES };
    for (const { table } of SOURCES) await call(pushCall(queryFunctionName(table), stage, { [table]: 'asked' }));
    await call(internalCall('aggregate', { recordId: id, stage: 0, attempt: 0 }));
    const time = new Date().toISOString();
    const event = { specversion: '1.0', id: `${id}-completed`, type: 'report.completed', subject: id, time };
    await call(pushCall('notify', { ...event, data: { source, status: 'COMPLETED' } }, {}));
    const readRecord = {
      name: 'download-center',
      method: 'GET',
      path: `/v1/downloads/${id}`,
      token,
      expected: 200,
    } as const;
    const { status } = JSON.parse(await call(readRecord));
    if (status !== 'COMPLETED') throw new CliError(`a report is ${status}`);
    await call(internalCall('sweep', {}));
  }
  return Object.fromEntries(
    Object.entries(recorded).map(([name, coldStarts]) => [
      name,
      { ...medianOf(coldStarts), totalMs: percentile(totals[name] ?? [], 0.5) },
    ]),
  );
}

const internalCall = (name: string, body: object): Call => ({ name, method: 'POST', path: '/', body, expected: 204 });

const pushCall = (name: string, message: object, attributes: Record<string, string>): Call =>
  internalCall(name, { message: { data: Buffer.from(JSON.stringify(message)).toString('base64'), attributes } });

function medianOf(coldStarts: readonly ColdStart[]): ColdStart {
  const total = percentile(
    coldStarts.map(({ totalMs }) => totalMs),
    0.5,
  );
  return coldStarts.find(({ totalMs }) => totalMs === total) as ColdStart;
}

interface Started {
  totalMs: number;
  /** Present if the process recorded them. */
  phases?: Omit<ColdStart, 'totalMs'>;
  answer: string;
}

async function startAndCall(system: LocalSystem, what: Call, recordsPhases: boolean): Promise<Started> {
  const running = system.functions.get(what.name);
  if (!running) throw new CliError(`there is no function ${what.name}`);
  const socketPath = `${running.socketPath}-cold`;
  const { env = {}, ...command } = running.command(socketPath);
  const token = what.token ?? withoutSignature(await invokerToken(system, env.INTERNAL_AUDIENCE));
  const phasesFile = join(system.logFolder, 'phases.json');
  const recording = recordsPhases
    ? {
        NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --import=${import.meta.resolve('./record-phases.mjs')}`,
        PHASES_FILE: phasesFile,
      }
    : {};
  const began = performance.timeOrigin + performance.now();
  const server = await spawnServer({ ...command, env: { ...env, ...recording } });
  try {
    const answer = await firstResponse(socketPath, token, what);
    const answered = performance.timeOrigin + performance.now();
    const totalMs = answered - began;
    if (!recordsPhases) return { totalMs, answer };
    const { booted, importing, listening } = JSON.parse(await readFile(phasesFile, 'utf8'));
    const phases = {
      nodeMs: booted - began,
      frameworkMs: importing - booted,
      modulesMs: listening - importing,
      requestMs: answered - listening,
    };
    return { totalMs, phases, answer };
  } finally {
    await server.stop(0);
    await rm(socketPath, { force: true });
  }
}

function invokerToken({ cloud }: LocalSystem, audience = ''): Promise<string> {
  return cloud.issuer.mintToken({ sub: INVOKER, email: INVOKER, email_verified: true }, { audience });
}

/** Retries the request until the process listens, for which a platform waits, too, before it forwards a request. */
async function firstResponse(socketPath: string, token: string, what: Call): Promise<string> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await delay(2)) {
    const response = await ask(socketPath, token, what).catch((error) => {
      if (error.code !== 'ENOENT' && error.code !== 'ECONNREFUSED') throw new CliError(`${what.name}: ${error}`);
    });
    if (!response) continue;
    const { status, text } = response;
    if (status !== what.expected) throw new CliError(`${what.name} answered ${status}: ${text}`);
    return text;
  }
  throw new CliError(`${what.name} did not start`);
}

function ask(
  socketPath: string,
  token: string,
  { method, path, body }: Call,
): Promise<{ status: number | undefined; text: string }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request({ socketPath, method, path, headers }, async (response) => {
      resolve({ status: response.statusCode, text: Buffer.concat(await response.toArray()).toString() });
    })
      .on('error', reject)
      .end(body && JSON.stringify(body));
  });
}
