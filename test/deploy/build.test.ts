import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { spawnServer, waitUntilReady } from '../../infra/local-servers/spawn-server.ts';
import type { FunctionProcess } from '../../infra/local-system/function-process.ts';
import { INVOKER } from '../../infra/local-system/names.ts';
import { ensurePage } from '../../infra/page/ensure-page.ts';
import { loadReports } from '../../shared/catalogue/catalogue.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';
import { buildAsDeployed } from './build-as-deployed.ts';

jest.setTimeout(60_000);

let folder: string;
let receiver: Awaited<ReturnType<typeof startEndpoint>>;
let system: TestSystem;

beforeAll(async () => {
  await ensurePage();
  folder = await mkdtemp(join(tmpdir(), 'built-'));
  await buildAsDeployed(folder);
  receiver = await startEndpoint(() => 204);
  system = await startTestSystem({
    purpose: 'built',
    demo: { rows: 1000 },
    built: { folder, source: folder },
    webhooks: [{ id: 'portal', url: receiver.url, secret: `whsec_${btoa('x'.repeat(24))}`, allowPrivate: true }],
  });
}, 300_000);
afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

it('has the packages that the functions need, and none of those for development', async () => {
  const lock: { packages: Record<string, { dev?: true; optional?: true; devOptional?: true }> } = JSON.parse(
    await readFile(join(folder, 'package-lock.json'), 'utf8'),
  );
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  const missing = packages.filter(
    ([path, { dev, optional, devOptional }]) => !dev && !optional && !devOptional && !existsSync(join(folder, path)),
  );
  const superfluous = packages.filter(([path, { dev }]) => dev && existsSync(join(folder, path)));
  expect({ missing, superfluous }).toEqual({ missing: [], superfluous: [] });
});

it('exports reports from every table, tells of them, and finds nothing amiss', async () => {
  const admin = await system.newAdmin();
  const orders = [
    {
      report: 'withdrawals-by-user-tag',
      conditions: { tagIds: [1, 2, 3], from: '2026-01-01', to: '2026-06-30' },
    },
    { report: 'payments-by-admin', conditions: { departmentIds: [1, 2, 3] } },
  ];
  for (const order of orders) {
    const record = await admin.run(order);
    expect((await expectRightFile(system.mariaDb, admin, record)).length).toBeGreaterThan(0);
    await eventually(() => receiver.received.some(({ body }) => body.includes(record.id)));
  }
  await system.sweep();
  const logs = [...system.functions.values()].map(async ({ name, logFile }) => [name, await readFile(logFile, 'utf8')]);
  const said: Record<string, string> = Object.fromEntries(await Promise.all(logs));
  expect(Object.values(said).join('')).not.toContain('"severity":"ERROR"');
  expect(said.sweep).toContain('"message":"swept"');
  for (const name of Object.keys(said).filter((name) => name.startsWith('query-')))
    expect({ name, said: said[name] }).toEqual({ name, said: expect.stringContaining('"message":"source done"') });
});

it('shows the page, and every report that is declared', async () => {
  const page = await fetch(system.origin);
  expect(await page.text()).toContain('<div id="page">');
  const headers = {
    authorization: `Bearer ${await system.token({ adminId: '1', departmentId: '3', roles: ['finance'] })}`,
  };
  const { reports } = (await (await fetch(`${system.origin}/v1/reports`, { headers })).json()) as {
    reports: { id: string }[];
  };
  expect(reports.map(({ id }) => id).sort()).toEqual([...(await loadReports()).keys()].sort());
});

it('has DuckDB in the process of aggregate, and of no other', async () => {
  const maps = [...system.functions.values()].map(
    async ({ name, pid }) => [name, await readFile(`/proc/${pid}/maps`, 'utf8')] as const,
  );
  const holders = (await Promise.all(maps)).filter(([, map]) => map.includes('duckdb')).map(([name]) => name);
  expect(holders).toEqual(['aggregate']);
});

it('reaches Firestore, where records are kept there', async () => {
  const sweep = system.functions.get('sweep') as FunctionProcess;
  const socketPath = `${sweep.socketPath}-firestore`;
  const given = sweep.command(socketPath);
  const logFile = `${sweep.logFile}-firestore`;
  // The server at this address speaks gRPC, but does not implement Firestore.
  const env = { ...given.env, RECORD_STORE: 'firestore', FIRESTORE_EMULATOR_HOST: given.env?.PUBSUB_EMULATOR_HOST };
  const server = await spawnServer({ ...given, env, logFile });
  try {
    const claims = { sub: INVOKER, email: INVOKER, email_verified: true };
    const token = await system.cloud.issuer.mintToken(claims, { audience: given.env?.INTERNAL_AUDIENCE ?? '' });
    await waitUntilReady(server, () => post(socketPath, token));
    expect(await readFile(logFile, 'utf8')).toContain('UNIMPLEMENTED');
  } finally {
    await server.stop(0);
  }
});

async function post(socketPath: string, token: string): Promise<void> {
  const call = request({ socketPath, method: 'POST', headers: { authorization: `Bearer ${token}` } }).end();
  const [response] = await once(call, 'response');
  response.resume();
}
