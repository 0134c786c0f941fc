import { readFile } from 'node:fs/promises';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PassThroughClient } from 'google-auth-library';
import { EVENT_TOPIC, PROJECT } from '../../infra/local-system/names.ts';
import type { DownloadRecord } from '../../shared/api-client/types.ts';
import { Admin } from '../support/admin.ts';
import { eventually } from '../support/eventually.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { nextRecord, startTestSystem, type TestSystem } from '../support/test-system.ts';
import { parseSources, readSources, type Sources, SYSTEM } from './configuration.ts';
import { type Line, type LogMetric, logMetrics, metricFaults, pointsOf } from './log-metrics.ts';

jest.setTimeout(90_000);

const WITHDRAWALS = 'withdrawals-by-user-tag';

let system: TestSystem;
let sources: Sources;
let metrics: Record<string, LogMetric>;
let lines: Line[];
let made: Record<'withdrawals' | 'payments' | 'late', DownloadRecord>;

beforeAll(async () => {
  sources = await readSources();
  metrics = logMetrics(await parseSources(sources));
  system = await startTestSystem({ purpose: 'metrics', demo: { rows: 300 }, clockSpeed: 20 });
  made = await exportAll();
  lines = await eventually(async () => {
    const all = await allLines();
    return isToldOf(all) && all;
  }, 30);
});
afterAll(() => system?.stop());

/** Runs exports that end in each possible way, some with faults on the way. */
async function exportAll() {
  const person = async (adminId: string) =>
    new Admin(system.origin, await system.token({ adminId, departmentId: '1', roles: ['finance', 'risk-control'] }));
  const admin = await person('1');
  const own = nextRecord();
  system.cloud.pubsub.faults.drop(own, 1);
  system.cloud.tasks.faults.drop(own, 1);
  const first = await admin.run(withdrawals);
  const shared = await (await person('2')).post('/v1/downloads', withdrawals);
  expect(shared.body).toMatchObject({ status: 'COMPLETED', reusedFrom: first.id, cost: { total: '0.000000000' } });

  await system.lockTable('plt_fund.vs_withdraw');
  const late = await admin.ask(withdrawals);
  const cancelled = await (await person('3')).ask(withdrawals);
  await (await person('3')).cancel(cancelled.id);
  await eventually(async () => (await allLines()).some(({ message }) => message === 'requeued'), 30);
  await system.endFaults();
  const written = await admin.ended(late.id);

  const second = await admin.run(payments);
  await system.mariaDb.sql('RENAME TABLE plt_fund.vs_payment TO plt_fund.gone');
  expect(await admin.run(payments)).toMatchObject({ status: 'FAILED' });

  await system.mariaDb.sql('UPDATE plt_basic.file_download_record SET leftovers = 0, expires_at = ? WHERE id = ?', [
    new Date(),
    second.id,
  ]);
  await system.sweepNow(second.id);
  await publishNonsense();
  return { withdrawals: first, late: written, payments: second };
}

async function publishNonsense() {
  const apiEndpoint = `127.0.0.1:${system.cloud.pubsub.port}`;
  const client = new PubSub({
    projectId: PROJECT,
    authClient: new PassThroughClient(),
    apiEndpoint,
    emulatorMode: true,
  });
  await client.topic(EVENT_TOPIC).publishMessage({ data: Buffer.from('nonsense') });
  await client.close();
}

async function allLines(): Promise<Line[]> {
  const logs = [...system.functions.values()].map(({ logFile }) => readFile(logFile, 'utf8'));
  return (await Promise.all(logs)).flatMap((text) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
}

const isToldOf = (all: readonly Line[]) =>
  all.filter(({ message }) => message === 'record ended').length === 7 &&
  ['given up', 'swept'].every((wanted) => all.some(({ message }) => message === wanted));

/** Returns a metric's points, sorted. Each consists of its labels' values and its value. */
const pointsIn = (name: string) => {
  const metric = metrics[name] as LogMetric;
  const points = pointsOf(metric, lines).map(({ labels, value }) => [...Object.values(labels), value].join(' '));
  return points.sort();
};

it('each metric finds its lines, and in each what it looks for', () => {
  expect(metricFaults(metrics, lines)).toEqual([]);
});

it('each end is counted once, by report and status', () => {
  expect(pointsIn('ended')).toEqual([
    'payments-by-admin COMPLETED 1',
    'payments-by-admin EXPIRED 1',
    'payments-by-admin FAILED 1',
    `${WITHDRAWALS} CANCELLED 1`,
    `${WITHDRAWALS} COMPLETED 1`,
    `${WITHDRAWALS} COMPLETED 1`,
    `${WITHDRAWALS} COMPLETED 1`,
  ]);
});

it('the line of a failure has its code', () => {
  const failed = lines.filter(({ message, status }) => message === 'record ended' && status === 'FAILED');
  expect(failed).toMatchObject([{ code: 'QUERY_REFUSED', recordId: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
});

it('files are measured that were made, not those that were shared', () => {
  const expected = (figure: (record: DownloadRecord) => unknown) =>
    Object.values(made)
      .map((record) => `${record.report} ${figure(record)}`)
      .sort();
  expect(pointsIn('rows')).toEqual(expected(({ rows }) => rows));
  expect(pointsIn('bytes')).toEqual(expected(({ bytes }) => bytes));
  expect(pointsIn('cost')).toEqual(expected(({ cost }) => Number(cost?.total)));
  const took = ({ history }: DownloadRecord) =>
    (Date.parse(history.find(({ status }) => status === 'COMPLETED')?.at ?? '') - Date.parse(history[0]?.at ?? '')) /
    1000;
  expect(pointsIn('seconds_to_file')).toEqual(expected(took));
});

it('the phases of an export make up its time, and one that waits for a table waits', () => {
  const { id } = made.late;
  const phases = lines.filter(({ message, recordId }) => message === 'phase ended' && recordId === id);
  const end = lines.find(({ message, recordId }) => message === 'record ended' && recordId === id);
  expect(phases.map(({ phase }) => phase)).toEqual(['waiting', 'querying', 'writing']);
  expect(phases.reduce((sum, { seconds }) => sum + Number(seconds), 0)).toBeCloseTo(Number(end?.seconds), 6);
  expect(Math.max(...phases.slice(0, 2).map(({ seconds }) => Number(seconds)))).toBeGreaterThan(1);
  expect(pointsIn('phase_seconds')).toHaveLength(9);
});

it('requeues are counted by report, redeliveries by function, and what is given up by its fault', () => {
  expect(new Set(pointsIn('requeues'))).toEqual(new Set([`${WITHDRAWALS} 1`]));
  const redelivered = lines.filter(({ message }) => message === 'redelivered').map((line) => line.function);
  expect(new Set(redelivered)).toEqual(new Set(['query-table', 'aggregate']));
  expect(pointsIn('given_up')).toEqual(['BAD_CALL 1']);
});

describe('noticed is', () => {
  it.each([
    ['a message that nobody logs', '"phase ended', '"phase ends', 'phase_seconds: no line is like that'],
    [
      'a field that is not there',
      '(jsonPayload.seconds)',
      '(jsonPayload.took)',
      'seconds_to_file: a line has no number',
    ],
    ['a label that is not there', 'jsonPayload.phase)', 'jsonPayload.step)', 'phase_seconds: a line has no phase'],
    ['a filter too wide', ' jsonPayload.reused=false', '', 'rows: a line has no number'],
  ])('%s', async (_what, from, to, fault) => {
    const file = `${SYSTEM}/metrics.tf`;
    const quoted = (text: string) => text.replaceAll('"', '\\"');
    const text = sources[file] ?? '';
    expect(text).toContain(quoted(from));
    const faulty = { ...sources, [file]: text.replace(quoted(from), quoted(to)) };
    expect(metricFaults(logMetrics(await parseSources(faulty)), lines)).toContain(fault);
  });
});
