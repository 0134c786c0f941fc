import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { DownloadRecord } from '../../shared/api-client/types.ts';
import { Admin } from '../support/admin.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { eventually } from '../support/eventually.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { nextRecord, startTestSystem, type TestSystem } from '../support/test-system.ts';

jest.setTimeout(90_000);

const secret = `whsec_${randomBytes(32).toString('base64')}`;
let connections = 0;
/** A stand-in for an internal server, which no webhook may reach. */
const inside = createServer((socket) => {
  connections++;
  socket.destroy();
});
/** The receiver's response: 204 unless a test sets another. */
let reply: (recordId: string) => number | Promise<number> = () => 204;
let receiver: Awaited<ReturnType<typeof startEndpoint>>;
let system: TestSystem;

beforeAll(async () => {
  inside.listen(0, '127.0.0.1');
  await once(inside, 'listening');
  receiver = await startEndpoint(({ body }) => reply(JSON.parse(body).data.recordId));
  system = await startTestSystem({
    purpose: 'notifications',
    demo: { rows: 1000 },
    clockSpeed: 20,
    proxied: { aggregate: 'PUBSUB_EMULATOR_HOST' },
    webhooks: [
      { id: 'portal', url: `${receiver.url}/hooks`, secret, allowPrivate: true },
      { id: 'inside', url: `https://127.0.0.1:${(inside.address() as AddressInfo).port}/`, secret },
    ],
  });
});
afterEach(async () => {
  reply = () => 204;
  await system?.endFaults();
});
afterAll(async () => {
  await system?.stop();
  await receiver?.close();
  inside.close();
});

/** Returns the events of a record that have been pushed, including copies. */
const eventsOf = (id: string) =>
  system.cloud.pubsub.deliveries
    .filter(({ item }) => item.subscription.endsWith('/notify'))
    .map(({ item }) => JSON.parse(item.message.data.toString()))
    .filter(({ subject }) => subject === id);

/** Returns the webhooks about a record that have arrived, and verifies the signature of each. */
const webhooksOf = (id: string) =>
  receiver.received
    .map(({ headers, body }) => ({
      id: headers['webhook-id'],
      timestamp: Number(headers['webhook-timestamp']),
      payload: new Webhook(secret).verify(body, headers as Record<string, string>) as {
        type: string;
        timestamp: string;
        data: { recordId: string; status: string; link: string };
      },
    }))
    .filter(({ payload }) => payload.data.recordId === id);

const deliveriesTo = (endpointId: string, id: string) =>
  system.cloud.tasks.deliveries.filter(({ item }) => item.name.includes(id) && item.name.endsWith(`to-${endpointId}`));

const told = (id: string, status: string) =>
  eventually(() => webhooksOf(id).find(({ payload }) => payload.data.status === status));

const unannounced = async (id: string) => {
  const rows = await system.mariaDb.sql<{ unannounced: string[] }>(
    'SELECT unannounced FROM plt_basic.file_download_record WHERE id = ?',
    [id],
  );
  return rows[0]?.unannounced;
};

/** Functions that end a record in each possible way, and resolve to it. */
const endings: Record<string, () => Promise<DownloadRecord>> = {
  COMPLETED: async () => (await system.newAdmin()).run(withdrawals),
  async FAILED() {
    await system.mariaDb.sql('RENAME TABLE plt_account.vs_admin TO plt_account.gone');
    // The report reads nothing sensitive, so the event contains the whole failure.
    const record = await (await system.newAdmin()).run(payments);
    await system.mariaDb.sql('RENAME TABLE plt_account.gone TO plt_account.vs_admin');
    return record;
  },
  async CANCELLED() {
    const own = nextRecord();
    system.cloud.pubsub.faults.hold(own);
    const admin = await system.newAdmin();
    const { id } = await admin.ask(withdrawals);
    return (await admin.cancel(id)).body;
  },
  async EXPIRED() {
    const admin = await system.newAdmin();
    const { id } = await admin.run(withdrawals);
    await system.sweepNow(id);
    const sql = 'UPDATE plt_basic.file_download_record SET expires_at = UTC_TIMESTAMP(3) WHERE id = ?';
    await system.mariaDb.sql(sql, [id]);
    await system.sweepNow(id);
    return admin.record(id);
  },
};

describe('a record', () => {
  it.each(Object.keys(endings))('that is %s is told of by an event and a webhook', async (status) => {
    const record = await (endings[status] as () => Promise<DownloadRecord>)();
    expect(record.status).toBe(status);
    const type = `report.${status.toLowerCase()}`;
    const id = `${record.id}-${status.toLowerCase()}`;
    const webhook = await told(record.id, status);
    const { at } = record.history.find((entry) => entry.status === status) ?? {};

    const link = `${system.origin}/downloads/${record.id}`;
    expect(webhook).toMatchObject({
      id,
      payload: { type, timestamp: at, data: { recordId: record.id, status, link } },
    });
    expect(Object.keys(webhook.payload.data)).toEqual(['recordId', 'status', 'link']);
    const events = eventsOf(record.id).filter((event) => event.type === type);
    expect(events).toEqual([
      {
        specversion: '1.0',
        id,
        source: '//report-download-center/local',
        type,
        subject: record.id,
        time: at,
        datacontenttype: 'application/json',
        // Whether the file can be opened depends on who reads the record.
        data: { ...record, openable: undefined },
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/X-Goog|https?:/);
    await eventually(async () => (await unannounced(record.id))?.length === 0);
  });

  it('that a colleague’s file completes at once is told of as one of its own', async () => {
    const colleague = async (adminId: string) =>
      new Admin(system.origin, await system.token({ adminId, departmentId: 'shared' }));
    const { id: original } = await (await colleague('one')).run(withdrawals);
    const { body: copy } = await (await colleague('two')).post('/v1/downloads', withdrawals);
    expect(copy).toMatchObject({ status: 'COMPLETED', reusedFrom: original });
    expect(await told(copy.id, 'COMPLETED')).toMatchObject({ id: `${copy.id}-completed` });
    // The sweeper visits the record once, and then not until its file expires.
    await system.sweepNow(copy.id);
    const sql = 'SELECT sweep_at = expires_at AS late FROM plt_basic.file_download_record WHERE id = ?';
    expect(await system.mariaDb.sql(sql, [copy.id])).toEqual([{ late: 1 }]);
  });

  it('is told of without its sensitive conditions, and what these could be told from', async () => {
    const phone = '13800138000';
    const order = { ...withdrawals, conditions: { ...withdrawals.conditions, phone } };
    const { id, conditions } = await (await system.newAdmin()).run(order);
    expect(conditions).toMatchObject({ phone });
    await told(id, 'COMPLETED');
    const [event] = eventsOf(id);
    expect(event.data.conditions).toEqual(withdrawals.conditions);
    expect(event.data).not.toHaveProperty('conditionsKey');
    expect(JSON.stringify([event, ...webhooksOf(id)])).not.toContain(phone);
  });

  it('has its status and its file by the time that its webhook arrives', async () => {
    const admin = await system.newAdmin();
    const found: unknown[] = [];
    reply = async (recordId) => {
      const { status, bytes } = await admin.record(recordId);
      found.push([status, (await admin.download(recordId)).length === bytes]);
      return 204;
    };
    const { id } = await admin.run(withdrawals);
    await eventually(() => found.length > 0);
    expect([webhooksOf(id).length, found]).toEqual([1, [['COMPLETED', true]]]);
  });
});

describe('what is committed and not yet published', () => {
  it('is published by the sweeper, when there was no Pub/Sub', async () => {
    await system.proxy('aggregate').refuse();
    const admin = await system.newAdmin();
    const { id, history } = await admin.run(withdrawals);
    await eventually(() => logged('aggregate', id, 'not announced'));
    expect([await unannounced(id), eventsOf(id)]).toEqual([['COMPLETED'], []]);
    await system.proxy('aggregate').restore();
    await system.sweepNow(id);
    const webhook = await told(id, 'COMPLETED');
    expect(webhook).toMatchObject({ id: `${id}-completed`, payload: { timestamp: history.at(-1)?.at } });
    expect(await unannounced(id)).toEqual([]);
  });

  it('is published by the sweeper, when the aggregator was killed before', async () => {
    system.proxy('aggregate').holdRequests();
    const admin = await system.newAdmin();
    const { id } = await admin.run(withdrawals);
    expect([await unannounced(id), eventsOf(id)]).toEqual([['COMPLETED'], []]);
    await system.crash('aggregate');
    await system.endFaults();
    await system.sweepNow(id);
    expect(await told(id, 'COMPLETED')).toMatchObject({ id: `${id}-completed` });
  });

  it('is published again as the same event, when only the answer was lost', async () => {
    // Opens the connection, so that a message can be sent over it.
    await told((await (await system.newAdmin()).run(withdrawals)).id, 'COMPLETED');
    system.proxy('aggregate').holdReplies(0);
    const admin = await system.newAdmin();
    const { id } = await admin.run(withdrawals);
    await eventually(() => eventsOf(id).length > 0);
    await system.crash('aggregate');
    await system.endFaults();
    expect(await unannounced(id)).toEqual(['COMPLETED']);
    await system.sweepNow(id);
    const [first, ...more] = await eventually(() => eventsOf(id).length > 1 && eventsOf(id));
    expect(more).toEqual(more.map(() => first));
    await eventually(
      () => system.cloud.pubsub.deliveries.every(({ outcome }) => outcome !== 'in flight') && webhooksOf(id).length > 0,
    );
    expect(webhooksOf(id)).toHaveLength(1);
  });
});

describe('a webhook', () => {
  it('comes once for an event that is delivered again and again', async () => {
    const { faults } = system.cloud.pubsub;
    const isEvent = (push: { subscription: string }) => push.subscription.endsWith('/notify');
    faults.duplicate(isEvent, 2, 'concurrent');
    faults.duplicate(isEvent, 2, 'afterwards');
    const { id } = await (await system.newAdmin()).run(withdrawals);
    await eventually(
      () =>
        eventsOf(id).length === 5 &&
        system.cloud.pubsub.deliveries.every(({ outcome }) => outcome !== 'in flight') &&
        webhooksOf(id).length > 0,
    );
    expect(webhooksOf(id)).toHaveLength(1);
  });

  it('has the same id when its task is delivered again', async () => {
    system.cloud.tasks.faults.duplicate((task) => task.name.endsWith('to-portal'), 2, 'afterwards');
    const { id } = await (await system.newAdmin()).run(withdrawals);
    await eventually(() => webhooksOf(id).length === 3);
    expect(new Set(webhooksOf(id).map((webhook) => webhook.id))).toEqual(new Set([`${id}-completed`]));
  });

  it('comes again, with its id and a new timestamp, until it is taken', async () => {
    const answers = [500, 503, 302, 200];
    reply = () => answers.shift() ?? 418;
    const { id } = await (await system.newAdmin()).run(withdrawals);
    await eventually(() => answers.length === 0);
    await eventually(() => deliveriesTo('portal', id).every(({ outcome }) => outcome !== 'in flight'));
    expect(deliveriesTo('portal', id).map(({ outcome }) => outcome)).toEqual([500, 500, 500, 204]);
    const webhooks = webhooksOf(id);
    expect(webhooks.map((webhook) => webhook.id)).toEqual(Array(4).fill(`${id}-completed`));
    expect(webhooks[3]?.timestamp).toBeGreaterThan(webhooks[0]?.timestamp ?? Number.NaN);
  });

  it('goes to no private address, unless that is allowed', async () => {
    const { id } = await (await system.newAdmin()).run(withdrawals);
    await told(id, 'COMPLETED');
    const [delivery] = await eventually(() => {
      const made = deliveriesTo('inside', id);
      return made.some(({ outcome }) => outcome === 204) && made;
    });
    expect(delivery?.attempt).toBe(1);
    await eventually(() => logged('notify', id, 'ADDRESS_REFUSED'));
    expect(connections).toBe(0);
  });
});

/** Whether a function has logged a line that contains all of these texts. */
async function logged(name: string, ...texts: string[]): Promise<boolean> {
  const log = await readFile(system.functions.get(name)?.logFile ?? '', 'utf8');
  return log.split('\n').some((line) => texts.every((text) => line.includes(text)));
}
