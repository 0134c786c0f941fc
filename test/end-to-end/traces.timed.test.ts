import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { queryFunctionName } from '../../infra/functions.ts';
import type { CollectedSpan } from '../../infra/local-cloud/otlp.ts';
import { startWebhookReceiver } from '../../infra/local-system/webhook-receiver.ts';
import { traceId } from '../../shared/domain/names.ts';
import { eventually } from '../support/eventually.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { isScheduled, nextRecord, startTestSystem, stepOf, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(90_000);

const TABLES = ['plt_account.vs_admin', 'plt_fund.vs_payment', 'plt_fund.vs_withdraw', 'plt_user.vs_user_tag_relation'];
const TRACED = ['create-report', 'aggregate', 'sweep', 'notify', ...TABLES.map(queryFunctionName)];

let system: TestSystem;
let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  system = await startTestSystem({
    purpose: 'traces',
    demo: { rows: 3000 },
    clockSpeed: 20,
    webhooks: [receiver.endpoint],
    proxied: Object.fromEntries(TRACED.map((name) => [name, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])),
  });
}, 120_000);
afterAll(async () => {
  await system.stop();
  await receiver.close();
});

const parentOf = ({ parentSpanId }: CollectedSpan, spans: readonly CollectedSpan[]) =>
  spans.find(({ spanId }) => spanId === parentSpanId);

/**
 * Resolves to a record's spans when a webhook has announced its end and the parent of every span has arrived: a sender
 * ends a moment later than its receiver.
 */
function spansOf(recordId: string): Promise<CollectedSpan[]> {
  return eventually(() => {
    const spans = system.cloud.traces.spansOf(traceId(recordId));
    const isWhole = spans.every((span) => span.parentSpanId === undefined || parentOf(span, spans));
    return isWhole && spans.some(({ name }) => name === 'POST') && spans;
  });
}

/**
 * Returns an outline of what is below a span, or of the whole trace: one line per span, children indented, in
 * alphabetical order.
 */
function outlineOf(spans: readonly CollectedSpan[], parentSpanId?: string, indent = ''): string[] {
  return spans
    .filter((span) => span.parentSpanId === parentSpanId)
    .map(({ spanId, service, name }) => [`${indent}${service}: ${name}`, ...outlineOf(spans, spanId, `${indent}  `)])
    .sort(([one = ''], [other = '']) => (one < other ? -1 : 1))
    .flat();
}

const TWO_STAGES = `
create-report: POST /v1/downloads
  create-report: admit
  create-report: dispatch stage 0
    create-report: send report-aggregate
    create-report: send report-queries
      query-table: process plt_account.vs_admin
        query-table: source admins
          query-table: SELECT plt_account.vs_admin
          query-table: send report-aggregate
            aggregate: look at stage 0
              aggregate: dispatch stage 1
                aggregate: send report-aggregate
                aggregate: send report-queries
                  query-table: process plt_fund.vs_payment
                    query-table: source payments
                      query-table: SELECT plt_fund.vs_payment
                      query-table: send report-aggregate
                        aggregate: look at stage 1
                          aggregate: complete
                            aggregate: send report-events
                              notify: process report.completed
                                notify: send report-webhooks
                                  notify: deliver webhook
                                    notify: POST
                          aggregate: join and upload
                      query-table: write parts
              aggregate: shape keys payments
          query-table: write parts`;

describe('an export of two stages', () => {
  const CALLER = 'c'.repeat(32);
  let id: string;
  let spans: CollectedSpan[];
  beforeAll(async () => {
    const own = nextRecord();
    // However slow the machine is, no scheduled look arrives before the wake-up of the last source.
    system.cloud.tasks.faults.hold((task) => own(task) && isScheduled(task));
    const admin = await system.newAdmin();
    ({ id } = await admin.ask(payments, `00-${CALLER}-${'d'.repeat(16)}-00`));
    expect((await admin.ended(id)).status).toBe('COMPLETED');
    spans = await spansOf(id);
    await system.endFaults();
  });

  it('is one trace from the request to the webhook that tells of its end', () => {
    expect(`\n${outlineOf(spans).join('\n')}`).toBe(TWO_STAGES);
    expect(spans.filter(({ failed }) => failed)).toEqual([]);
  });

  it('is linked to the trace of whoever asked', () => {
    const linked = spans.filter(({ links }) => links.length > 0);
    expect(linked).toMatchObject([{ name: 'POST /v1/downloads', links: [CALLER] }]);
  });

  it('tells of the record, rows and bytes', () => {
    const found = Object.fromEntries(spans.map(({ name, attributes }) => [name, attributes]));
    const amounts = { 'report.rows': expect.any(Number), 'report.bytes': expect.any(Number) };
    expect(found['POST /v1/downloads']).toMatchObject({ 'report.record_id': id, 'report.id': payments.report });
    expect(found['source admins']).toMatchObject({ 'report.source': 'admins', ...amounts });
    expect(found['join and upload']).toEqual(amounts);
  });
});

it('an export that is looked at again and whose messages come again is one trace still', async () => {
  const own = nextRecord();
  const { pubsub, tasks } = system.cloud;
  pubsub.faults.duplicate(own, 1, 'concurrent');
  pubsub.faults.drop(own, 1);
  // No wake-up arrives. Each stage's first scheduled look, the only one that arrives, makes up for it.
  tasks.faults.hold((task) => own(task) && !stepOf(task).endsWith('-try1'));
  const admin = await system.newAdmin();
  const { id, status } = await admin.run(payments);
  expect(status).toBe('COMPLETED');
  const spans = await spansOf(id);
  await system.endFaults();
  expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
  const looks = spans.filter(({ name }) => name.startsWith('look at'));
  expect(looks.map(({ name, attributes }) => [name, attributes['report.attempt']])).toEqual([
    ['look at stage 0', 1],
    ['look at stage 1', 1],
  ]);
  const attempts = spans.flatMap(({ attributes }) => attributes['report.delivery_attempt'] ?? []);
  expect(attempts).toContain(2);
});

it('an export that the sweeper finds again goes on in its trace', async () => {
  const own = nextRecord();
  system.cloud.tasks.faults.hold((task) => own(task) && !stepOf(task).includes('sweep'));
  const admin = await system.newAdmin();
  const { id } = await admin.ask(withdrawals);
  await eventually(async () => (await system.queryDoneCount(id)) === 2);
  await system.sweepNow(id);
  await admin.ended(id);
  const spans = await spansOf(id);
  await system.endFaults();
  const request = spans.find(({ parentSpanId }) => parentSpanId === undefined);
  const found = spans.find(({ name }) => name === 'push on');
  expect(found).toMatchObject({ service: 'sweep', parentSpanId: request?.spanId });
  expect(outlineOf(spans, found?.spanId)).toContain('  aggregate: look at stage 0');
});

it('an export that fails says where and why, and quotes no condition', async () => {
  await system.mariaDb.sql('RENAME TABLE plt_user.vs_user_tag_relation TO plt_user.gone');
  const { id, status } = await (await system.newAdmin()).run(withdrawals);
  await system.mariaDb.sql('RENAME TABLE plt_user.gone TO plt_user.vs_user_tag_relation');
  expect(status).toBe('FAILED');
  const spans = await spansOf(id);
  const failed = spans.filter((span) => span.failed);
  expect(failed.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
    ['source tags', 'QUERY_REFUSED'],
    ['SELECT plt_user.vs_user_tag_relation', 'QUERY_REFUSED'],
  ]);
  expect(JSON.stringify(spans)).not.toContain(withdrawals.conditions.to);
});

it('an answer that begins no export begins no trace', async () => {
  const admin = await system.newAdmin();
  const { id } = await admin.run(withdrawals);
  const before = await spansOf(id);
  const traceparent = `00-${'e'.repeat(32)}-${'f'.repeat(16)}-01`;
  const { status, body } = await admin.post('/v1/downloads', withdrawals, traceparent);
  expect([status, body.id]).toEqual([200, id]);
  expect(system.cloud.traces.spansOf('e'.repeat(32))).toEqual([]);
  expect(system.cloud.traces.spansOf(traceId(id))).toEqual(before);
});

it.each([
  ['is silent', (name: string) => system.proxy(name).holdReplies(0)],
  ['is away', (name: string) => system.proxy(name).refuse()],
])('an export is neither failed nor held up by a collector that %s', async (_, disturb) => {
  await Promise.all(TRACED.map(disturb));
  const admin = await system.newAdmin();
  const asked = performance.now();
  const { id } = await admin.ask(payments);
  expect(performance.now() - asked).toBeLessThan(1000);
  const { status } = await admin.ended(id);
  // Deliveries are answered two seconds later, but no step of the export waits for that.
  expect([status, performance.now() - asked < 2000]).toEqual(['COMPLETED', true]);
  await system.endFaults();
});
