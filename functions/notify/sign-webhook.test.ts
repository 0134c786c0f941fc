import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { EventSummary } from '../../shared/ports/messages.ts';
import { signWebhook } from './sign-webhook.ts';

const key = randomBytes(32);
const secret = `whsec_${key.toString('base64')}`;
const recordId = '01a20578-1fcf-7081-bf3d-4ed8f9af18dd';
const event: EventSummary = {
  id: `${recordId}-completed`,
  type: 'report.completed',
  time: '2026-03-01T12:00:00.123Z',
  recordId,
  status: 'COMPLETED',
};
const now = new Date('2026-03-01T12:34:56.789Z');

const sign = (at = now, page = 'https://downloads.example.com') => signWebhook(event, secret, page, at);

it('a webhook says which record has which status, since when, and where to look, and nothing else', () => {
  expect(JSON.parse(sign().body)).toEqual({
    type: 'report.completed',
    timestamp: event.time,
    data: { recordId, status: 'COMPLETED', link: `https://downloads.example.com/downloads/${recordId}` },
  });
});

it('the link is on the page’s origin, however that is written', () => {
  expect(sign(now, 'https://downloads.example.com/').body).toBe(sign().body);
});

it('the signature is the HMAC of id, timestamp and body', () => {
  const { headers, body } = sign();
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const hmac = createHmac('sha256', key).update(`${event.id}.${timestamp}.${body}`).digest('base64');
  expect(headers).toEqual({
    'content-type': 'application/json',
    'webhook-id': event.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac}`,
  });
});

it('a receiver verifies it by the standard’s own library, and takes no other', () => {
  const { headers, body } = sign(new Date());
  expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  expect(() => new Webhook(secret).verify(body.replace('COMPLETED', 'FAILED'), headers)).toThrow();
  expect(() => new Webhook(`whsec_${randomBytes(32).toString('base64')}`).verify(body, headers)).toThrow();
});

it('a later attempt has the same id and body, and a timestamp of its own', () => {
  const [first, second] = [sign(), sign(new Date(now.getTime() + 60_000))];
  expect(second.body).toBe(first.body);
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(Number(second.headers['webhook-timestamp']) - Number(first.headers['webhook-timestamp'])).toBe(60);
  expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
});
