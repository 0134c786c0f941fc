import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPortal, type Portal } from './portal.ts';

const LIMITS = { REQUESTS_PER_MINUTE: '20', ORDERS_PER_MINUTE: '3' };

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal('test-limits', LIMITS);
});
afterAll(() => portal?.stop());

const order = { report: 'withdrawals', conditions: { from: '2026-01-01', to: '2026-01-02' } };

describe('who asks too often', () => {
  it('is told what is left, then to come again later; others are not kept waiting', async () => {
    const hasty = await portal.person();
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await hasty.ask(order));
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(Array(4).fill('"orders";q=3;w=60'));
    expect(answers.map(({ headers }) => headers.get('ratelimit')?.split(';t=')[0])).toEqual(
      [2, 1, 0, 0].map((left) => `"orders";r=${left}`),
    );
    const refused = answers[3];
    expect([refused?.status, refused?.body.code]).toEqual([429, 'rate-limited']);
    const seconds = Number(refused?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused?.body.detail).toBe(`Too many requests. Try again in ${seconds} s.`);
    // Other requests have a limit of their own, and so do other people.
    expect((await hasty.get('/v1/downloads')).status).toBe(200);
    expect((await (await portal.person()).ask(order)).status).toBeLessThan(300);
  });

  it('is counted over all instances and functions that count the same', async () => {
    const hasty = await portal.person();
    const statuses = [];
    for (let n = 0; n < 21; n++) {
      const check = n % 2 === 0;
      statuses.push(
        (check ? await hasty.post('/v1/downloads:check', { body: order }) : await hasty.get('/v1/reports')).status,
      );
    }
    expect(statuses).toEqual([...Array(20).fill(200), 429]);
  });

  it('is let in while Redis is away, each instance counting for itself', async () => {
    const hasty = await portal.person();
    await portal.redis.stop();
    const statuses = [];
    for (let n = 0; n < 21; n++) statuses.push((await hasty.get('/v1/reports')).status);
    expect(statuses).toEqual([...Array(20).fill(200), 429]);
  });
});
