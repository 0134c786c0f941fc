import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestCloud } from '../../test/support/test-cloud.ts';
import type { LocalCloud } from './local-cloud.ts';

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

async function call(path: string, body: string | object, method = 'POST') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const url = `http://${cloud.env.PUBSUB_EMULATOR_HOST}/${path}`;
  const response = await fetch(url, { method, ...(method === 'GET' ? {} : { body: text }) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown[]> };
}

const refusal = (status: number, code: string, message: unknown = expect.any(String)) => ({
  status,
  body: { error: { code: status, status: code, message } },
});

const PULL = 'v1/projects/local/subscriptions/pulled:pull';

it('a method is served at the path and in the JSON form of its HTTP rule', async () => {
  const { PubSub } = await import('@google-cloud/pubsub');
  const pubsub = new PubSub({ projectId: 'local' });
  const [topic] = await pubsub.createTopic('topic');
  await topic.createSubscription('pulled');
  await pubsub.close();
  const published = await call(`v1/${topic.name}:publish`, {
    topic: 'projects/local/topics/another',
    messages: [{ data: 'aGk=', attributes: { key: 'value' } }],
  });
  expect(published).toEqual({ status: 200, body: { messageIds: [expect.stringMatching(/^\d+$/)] } });
  const { body } = await call(PULL, { maxMessages: 1 });
  const message = { data: 'aGk=', attributes: { key: 'value' }, messageId: published.body.messageIds?.[0] };
  expect(body.receivedMessages).toEqual([expect.objectContaining({ message: expect.objectContaining(message) })]);
});

it.each([
  ['not JSON', '{', 'Invalid JSON payload received.'],
  ['a field that does not exist', { maxMessage: 1 }, expect.stringContaining('Unknown name "maxMessage"')],
  ['a value of another type', { maxMessages: {} }, expect.any(String)],
])('a request that is %s is refused', async (_, body, message) => {
  expect(await call(PULL, body)).toEqual(refusal(400, 'INVALID_ARGUMENT', message));
});

it('what does not exist is told in the API’s form', async () => {
  const missing = call('v1/projects/local/topics/missing:publish', { messages: [{ data: 'aGk=' }] });
  expect(await missing).toEqual(refusal(404, 'NOT_FOUND', 'Resource not found (resource=missing).'));
});

it.each([
  ['POST', 'v1/projects/local/topics/topic:detach'],
  ['GET', PULL],
])('%s %s is not supported', async (method, path) => {
  expect(await call(path, {}, method)).toEqual(refusal(501, 'UNIMPLEMENTED'));
});
