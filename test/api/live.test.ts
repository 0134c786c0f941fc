import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AUDIENCE } from '../../infra/local-system/names.ts';
import { openEventStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal('test-live');
});
afterAll(() => portal?.stop());

const order = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
};

type Who = Parameters<Portal['token']>[0];

async function watch(who: Who, query = '') {
  const headers = { authorization: `Bearer ${await portal.token(who)}` };
  const stream = await openEventStream(`${portal.origin}/v1/downloads:watch${query}`, headers);
  await eventually(() => stream.events.length > 0);
  /** Returns the statuses that the stream has reported of a record, in order. */
  const statusesOf = (id: string) => {
    const told = stream.events.filter(({ event, data }) => event === 'record' && data.id === id);
    return told.map(({ data }) => data.status as string);
  };
  return { ...stream, statusesOf };
}

describe('the live list', () => {
  it("tells each of two people their own records' way to the end, and nothing of the other's", async () => {
    const people = await Promise.all([portal.person(), portal.person()]);
    const earlier = await people[0].run(order);
    const streams = await Promise.all(people.map((person) => watch(person)));
    const records = await Promise.all(people.map((person) => person.run({ ...order, locale: 'zh-TW' })));
    for (const [index, stream] of streams.entries()) {
      const [own, other] = [records[index].id, records[1 - index].id];
      await eventually(() => stream.statusesOf(own).at(-1) === 'COMPLETED');
      expect(stream.events[0]).toMatchObject({
        event: 'snapshot',
        data: { downloads: index === 0 ? [{ id: earlier.id, status: 'COMPLETED' }] : [] },
      });
      expect(JSON.stringify(stream.events)).not.toContain(other);
      // The same as the API returns.
      expect(stream.events.at(-1)?.data).toEqual((await people[index]?.get(`/v1/downloads/${own}`))?.body);
    }
    for (const stream of streams) await stream[Symbol.asyncDispose]();
  });

  it('tells a cancellation', async () => {
    const person = await portal.person();
    await using stream = await watch(person);
    const { body: record } = await portal.whileHeld(async () => {
      const asked = await person.ask(order);
      return person.post(`/v1/downloads/${asked.body.id}:cancel`);
    });
    await eventually(() => stream.statusesOf(record.id).at(-1) === 'CANCELLED');
  });

  it("tells the department's records to whoever may read them", async () => {
    const person = await portal.person();
    const { departmentId } = person;
    const head = { adminId: 'head', departmentId, roles: ['downloads.department'] };
    await using stream = await watch(head, '?scope=department');
    const { id } = await person.run(order);
    await eventually(() => stream.statusesOf(id).at(-1) === 'COMPLETED');
    const colleague = await portal.person({ departmentId });
    const refused = await colleague.get('/v1/downloads:watch?scope=department');
    expect([refused.status, refused.body.code]).toEqual([403, 'scope-not-permitted']);
  });

  it('is not open to strangers, and takes no page token', async () => {
    expect((await portal.call('GET', '/v1/downloads:watch')).status).toBe(401);
    const { status, body } = await (await portal.person()).get('/v1/downloads:watch?pageToken=x');
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });

  it('ends with the token, whole', async () => {
    const claims = { sub: '7', department: '3', azp: 'admin-portal' };
    const token = await portal.cloud.issuer.mintToken(claims, { audience: AUDIENCE, expiresIn: 2 });
    await using stream = await openEventStream(`${portal.origin}/v1/downloads:watch`, {
      authorization: `Bearer ${token}`,
    });
    await stream.ended;
    expect(stream.events).toMatchObject([{ event: 'snapshot' }]);
    expect(stream.response.complete).toBe(true);
  });
});
