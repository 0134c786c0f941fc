import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { LocalCloud } from '../../infra/local-cloud/local-cloud.ts';
import { startEndpoint } from '../../test/support/endpoint.ts';
import { eventually } from '../../test/support/eventually.ts';
import { localApi } from '../../test/support/local-api.ts';
import { memoryTraces } from '../../test/support/memory-traces.ts';
import { startTestCloud } from '../../test/support/test-cloud.ts';
import type { ReportEvent, StageMessage } from '../ports/messages.ts';
import { withinExport } from '../tracing/export-trace.ts';
import type { GoogleApi } from './google-api.ts';
import { eventPublisher, stagePublisher } from './pubsub-publisher.ts';

let cloud: LocalCloud;
let pubsub: PubSub;
let api: GoogleApi;

beforeAll(async () => {
  cloud = await startTestCloud();
  pubsub = new PubSub({ projectId: 'local' });
  api = localApi(cloud.pubsub);
});
afterAll(async () => {
  await pubsub.close();
  await cloud.close();
});

const message: StageMessage = {
  recordId: '01a20578-1fcf-7081-bf3d-4ed8f9af18dd',
  stage: 0,
  dispatchId: '5f0c-0',
  sources: [
    { name: 'tags', table: 'plt_user.vs_user_tag_relation' },
    { name: 'withdrawals', table: 'plt_fund.vs_withdraw' },
    { name: 'earlierWithdrawals', table: 'plt_fund.vs_withdraw' },
  ],
};

it('a stage message reaches each table that is asked, once, and no other', async () => {
  const [topic] = await pubsub.createTopic('report-queries');
  const tables = ['plt_user.vs_user_tag_relation', 'plt_fund.vs_withdraw', 'plt_fund.vs_payment'];
  await using endpoint = await startEndpoint();
  for (const table of tables) {
    await topic.createSubscription(`query-${table}`, {
      filter: `attributes:"${table}"`,
      pushConfig: { pushEndpoint: `${endpoint.url}/${table}` },
    });
  }
  await stagePublisher(api, topic.name).publish(message);
  await eventually(() => endpoint.received.length >= 2);
  await eventually(() => cloud.pubsub.deliveries.every(({ outcome }) => outcome === 204));

  expect(endpoint.received.map(({ url }) => url.slice(1)).sort()).toEqual([...tables.slice(0, 2)].sort());
  const pushed = JSON.parse(endpoint.received[0]?.body ?? '').message;
  expect(JSON.parse(Buffer.from(pushed.data, 'base64').toString())).toEqual(message);
  expect(pushed.attributes).toEqual({
    recordId: message.recordId,
    'plt_user.vs_user_tag_relation': 'asked',
    'plt_fund.vs_withdraw': 'asked',
  });
});

it('a message that cannot be published is a fault of whoever publishes', async () => {
  const nowhere = stagePublisher(api, 'projects/local/topics/no-such-topic');
  await expect(nowhere.publish(message)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('a message carries the trace that it is part of', async () => {
  const { endedAs } = memoryTraces();
  const [topic] = await pubsub.createTopic('traced');
  await using endpoint = await startEndpoint();
  await topic.createSubscription('traced', { pushConfig: { pushEndpoint: endpoint.url } });
  await withinExport(message.recordId, () => stagePublisher(api, topic.name).publish(message));
  const { body } = await eventually(() => endpoint.received[0]);
  const { traceId, spanId } = endedAs('send traced').spanContext();
  expect(JSON.parse(body).message.attributes.traceparent).toBe(`00-${traceId}-${spanId}-01`);
});

it('an event goes out as a CloudEvent in structured mode, once, with its type for filters', async () => {
  const event: ReportEvent = {
    specversion: '1.0',
    id: `${message.recordId}-failed`,
    source: '//report-download-center/local',
    type: 'report.failed',
    subject: message.recordId,
    time: '2026-03-01T12:00:00.123Z',
    datacontenttype: 'application/json',
    data: { id: message.recordId, failure: { code: 'X', message: '失敗' } },
  };
  const [topic] = await pubsub.createTopic('report-events');
  await using endpoint = await startEndpoint();
  for (const type of ['report.failed', 'report.completed']) {
    await topic.createSubscription(`only-${type}`, {
      filter: `attributes.type = "${type}"`,
      pushConfig: { pushEndpoint: `${endpoint.url}/${type}` },
    });
  }
  await eventPublisher(api, topic.name).publish(event);
  const { url, body } = await eventually(() => endpoint.received[0]);
  expect(url).toBe('/report.failed');
  const pushed = JSON.parse(body).message;
  expect(pushed.attributes).toEqual({
    'content-type': 'application/cloudevents+json; charset=utf-8',
    type: 'report.failed',
  });
  expect(JSON.parse(Buffer.from(pushed.data, 'base64').toString())).toEqual(event);
});
