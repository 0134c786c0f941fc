import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openEventStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, type Caller, openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

/** Permitted to finance, and to department 3. */
const payments = { report: 'payments-by-admin', conditions: { departmentIds: [1, 2, 3] } };
const withdrawals = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
};

/** The people, seen from the owner of a record about payments in department A. */
const PEOPLE = {
  owner: { adminId: 'owner', departmentId: 'A', roles: ['finance'] },
  colleague: { adminId: 'colleague', departmentId: 'A', roles: ['finance'] },
  'department reader': { adminId: 'reader', departmentId: 'A', roles: ['finance', 'downloads.department'] },
  'reader of another department': { adminId: 'other', departmentId: 'B', roles: ['finance', 'downloads.department'] },
  'reader of all': { adminId: 'auditor', departmentId: 'B', roles: ['finance', 'downloads.all'] },
  'reader of all, by department': { adminId: 'auditor-3', departmentId: '3', roles: ['downloads.all'] },
  'reader of all without the report': { adminId: 'auditor-x', departmentId: 'B', roles: ['downloads.all'] },
  'reader of all of another portal': {
    ...{ adminId: 'stranger', departmentId: 'A', source: 'other-portal' },
    roles: ['finance', 'downloads.all', 'downloads.department'],
  },
};
type Name = keyof typeof PEOPLE;

let portal: Portal;
let id: string;
const people = {} as Record<Name, Caller>;

beforeAll(async () => {
  portal = await openPortal('test-rights');
  for (const [name, who] of Object.entries(PEOPLE)) people[name as Name] = await portal.person(who);
  id = (await people.owner.run(payments)).id;
});
afterAll(() => portal?.stop());

const lists = ({ status, body }: Answer) =>
  status === 200
    ? body.downloads.some((record: { id: string }) => record.id === id)
      ? 'has it'
      : 'has it not'
    : status;
const codeOf = ({ status, body }: Answer) => (status < 300 ? 'yes' : body.code);

/** Returns the same as `lists`, for the first event of the live list. */
async function watched(caller: Caller, scope: string) {
  const headers = { authorization: `Bearer ${await portal.token(caller)}` };
  await using stream = await openEventStream(`${portal.origin}/v1/downloads:watch?scope=${scope}`, headers);
  const status = stream.status ?? 0;
  if (status === 200) await eventually(() => stream.events.length > 0);
  return lists({ status, headers: new Headers(), body: stream.events[0]?.data });
}

/** The requests to each route, in the order of the columns below. */
const ROUTES: [route: string, call: (caller: Caller) => Promise<unknown>][] = [
  ['read', async (caller) => codeOf(await caller.get(`/v1/downloads/${id}`))],
  ['file', async (caller) => codeOf(await caller.get(`/v1/downloads/${id}/file?redirect=false`))],
  ['preview', async (caller) => codeOf(await caller.get(`/v1/downloads/${id}/preview`))],
  ['cancel', async (caller) => codeOf(await caller.post(`/v1/downloads/${id}:cancel`))],
  ['retry', async (caller) => codeOf(await caller.post(`/v1/downloads/${id}:retry`))],
  ['list own', async (caller) => lists(await caller.get('/v1/downloads'))],
  ['list department', async (caller) => lists(await caller.get('/v1/downloads?scope=department'))],
  ['list all', async (caller) => lists(await caller.get('/v1/downloads?scope=all'))],
  ['watch own', (caller) => watched(caller, 'own')],
  ['watch department', (caller) => watched(caller, 'department')],
  ['watch all', (caller) => watched(caller, 'all')],
  ['check', async (caller) => codeOf(await caller.post('/v1/downloads:check', { body: payments }))],
  ['create', async (caller) => codeOf(await caller.ask(payments))],
  [
    'catalogue',
    async (caller) =>
      (await caller.get('/v1/reports')).body.reports.some((report: { id: string }) => report.id === payments.report),
  ],
];

const GONE = Array(5).fill('no-such-record');
const NONE = 'has it not';
/** What the lists of the scopes own, department and all return of the record. The live lists return the same. */
const scopes = (own: string, department: string | number, all: string | number) => [
  ...[own, department, all],
  ...[own, department, all],
];
const MATRIX: Record<Name, unknown[]> = {
  // read, file, preview, cancel, retry; lists, live lists; check, create, catalogue
  owner: ['yes', 'yes', 'yes', 'already-finished', 'yes', ...scopes('has it', 403, 403), 'yes', 'yes', true],
  colleague: [...GONE, ...scopes(NONE, 403, 403), 'yes', 'yes', true],
  'department reader': [
    ...['yes', 'yes', 'yes', 'not-own', 'not-own'],
    ...[...scopes(NONE, 'has it', 403), 'yes', 'yes', true],
  ],
  'reader of another department': [...GONE, ...scopes(NONE, NONE, 403), 'yes', 'yes', true],
  'reader of all': [
    ...['yes', 'yes', 'yes', 'not-own', 'not-own'],
    ...[...scopes(NONE, 403, 'has it'), 'yes', 'yes', true],
  ],
  'reader of all, by department': [
    ...['yes', 'yes', 'yes', 'not-own', 'not-own'],
    ...[...scopes(NONE, 403, 'has it'), 'yes', 'yes', true],
  ],
  'reader of all without the report': [
    ...[...GONE, ...scopes(NONE, 403, NONE)],
    ...['report-not-permitted', 'report-not-permitted', false],
  ],
  'reader of all of another portal': [...GONE, ...scopes(NONE, NONE, NONE), 'yes', 'yes', true],
};

describe.each(Object.keys(MATRIX) as Name[])('%s', (name) => {
  it.each(ROUTES.map(([route, call], column) => [route, MATRIX[name][column], call] as const))(
    '%s: %s',
    async (_route, expected, call) => {
      expect(await call(people[name])).toEqual(expected);
    },
  );
});

describe('nobody', () => {
  it.each([
    ['GET', ''],
    ['GET', '/file'],
    ['GET', '/preview'],
    ['POST', ':cancel'],
    ['POST', ':retry'],
  ])('is told to sign in: %s …%s', async (method, rest) => {
    const answer = await portal.call(method, `/v1/downloads/${id}${rest}`);
    expect([answer.status, answer.body.code]).toEqual([401, 'no-token']);
  });
});

describe('what is sensitive', () => {
  const orders = { ...withdrawals, conditions: { ...withdrawals.conditions, phone: undefined } };
  const rowsOf = async (caller: Caller, record: { id: string }) => {
    const { body } = await caller.get(`/v1/downloads/${record.id}/file?redirect=false`);
    const [header = '', ...lines] = (await (await fetch(body.url)).text()).trimEnd().split('\n');
    return { columns: header.split(','), lines };
  };

  it('is masked unless a role may see it, and the record says so', async () => {
    const clerk = await portal.person();
    const officer = await portal.person({ roles: ['risk-control'] });
    const [masked, clear] = [await clerk.run(orders), await officer.run(orders)];
    expect(masked.masked).toEqual(['plt_fund.vs_withdraw.account_name', 'plt_fund.vs_withdraw.phone']);
    expect(clear.masked).toEqual([]);
    expect(masked.rows).toBe(clear.rows);
    const hidden = await rowsOf(clerk, masked);
    const shown = await rowsOf(officer, clear);
    expect(shown.lines.join()).toMatch(/,1\d{10},/);
    expect(hidden.lines.join()).not.toMatch(/,1\d{10},/);
    expect(hidden.lines.join()).toMatch(/,1\d{2}\*{4}\d{4},/);
  });

  it('is no condition for whom it is masked for: they would find nothing by it', async () => {
    const [row] = await portal.mariaDb.sql<{ phone: string }>(
      `SELECT phone FROM plt_fund.vs_withdraw JOIN plt_user.vs_user_tag_relation USING (user_id)
       WHERE phone IS NOT NULL AND tag_id IN (1, 2) LIMIT 1`,
    );
    const asked = { ...withdrawals, conditions: { ...withdrawals.conditions, phone: row?.phone } };
    expect((await (await portal.person({ roles: ['risk-control'] })).run(asked)).rows).toBeGreaterThan(0);
    const refused = await (await portal.person()).ask(asked);
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [{ path: 'conditions.phone', message: 'this field is masked for you, so you cannot filter by it' }],
    ]);
  });

  it('in conditions is shown to the asker alone', async () => {
    const asked = { ...withdrawals, conditions: { ...withdrawals.conditions, phone: '13800001111' } };
    const asker = await portal.person({ departmentId: 'C', roles: ['risk-control'] });
    const { id: own } = await asker.run(asked);
    expect((await asker.get(`/v1/downloads/${own}`)).body.conditions).toEqual(asked.conditions);
    const reader = await portal.person({ departmentId: 'C', roles: ['downloads.department'] });
    const listed = (await reader.get('/v1/downloads?scope=department')).body.downloads;
    expect(listed).toMatchObject([{ id: own, conditions: { tagIds: [1, 2] } }]);
    expect(JSON.stringify([listed, (await reader.get(`/v1/downloads/${own}`)).body])).not.toContain('13800001111');
  });

  it.each(['file', 'preview'])('is not opened in clear by a reader who may not see it: %s', async (route) => {
    const officer = await portal.person({ departmentId: 'D', roles: ['risk-control'] });
    const { id: own } = await officer.run(orders);
    const reader = await portal.person({ departmentId: 'D', roles: ['downloads.department'] });
    expect((await reader.get(`/v1/downloads/${own}`)).status).toBe(200);
    expect((await reader.get(`/v1/downloads/${own}/${route}?redirect=false`)).body.code).toBe('rights-changed');
    const equal = await portal.person({ departmentId: 'D', roles: ['downloads.department', 'risk-control'] });
    expect((await equal.get(`/v1/downloads/${own}/${route}?redirect=false`)).status).toBe(200);
  });

  it('is not handed out in clear once its owner may not see it any more', async () => {
    const officer = await portal.person({ roles: ['risk-control'] });
    const { id: own } = await officer.run(orders);
    const demoted = await portal.person({ ...officer, roles: [] });
    expect((await demoted.get(`/v1/downloads/${own}`)).status).toBe(200);
    const refused = await demoted.get(`/v1/downloads/${own}/file?redirect=false`);
    expect([refused.status, refused.body.code]).toEqual([403, 'rights-changed']);
    // A new export contains what they may see.
    const again = await demoted.post(`/v1/downloads/${own}:retry`);
    expect((await demoted.end(again.body.id)).masked).toHaveLength(2);
  });
});

describe('a record whose report was closed to its owner', () => {
  it('is gone from their sight, but does not lock them: they may cancel it', async () => {
    const owner = await portal.person();
    const { departmentId, adminId } = owner;
    const moved = await portal.person({ adminId, departmentId, roles: [] });
    await portal.whileHeld(async () => {
      const { body: active } = await owner.ask(payments);
      expect((await moved.get(`/v1/downloads/${active.id}`)).status).toBe(404);
      const locked = await moved.ask(withdrawals);
      expect([locked.body.code, locked.body.activeId]).toEqual(['locked', active.id]);
      expect((await moved.post(`/v1/downloads/${active.id}:cancel`)).body.status).toBe('CANCELLED');
      expect((await moved.ask(withdrawals)).status).toBe(202);
    });
  });
});

describe('a live list', () => {
  const watch = async (caller: Caller, scope: string) => {
    const headers = { authorization: `Bearer ${await portal.token(caller)}` };
    const stream = await openEventStream(`${portal.origin}/v1/downloads:watch?scope=${scope}`, headers);
    await eventually(() => stream.events.length > 0);
    return stream;
  };

  it('tells nothing of a report that is closed to the person', async () => {
    await using closed = await watch(people['reader of all without the report'], 'all');
    await using open = await watch(people['reader of all'], 'all');
    const asker = await portal.person();
    const { id: hidden } = await asker.run(payments);
    const { id: shown } = await asker.run(withdrawals);
    const isOver = (stream: typeof open) =>
      stream.events.some(({ event, data }) => event === 'record' && data.id === shown && data.status === 'COMPLETED');
    await eventually(() => isOver(closed) && isOver(open));
    expect(JSON.stringify(open.events)).toContain(hidden);
    expect(JSON.stringify(closed.events)).not.toContain(hidden);
  });

  it('tells others than the asker no sensitive condition', async () => {
    const asker = await portal.person({ departmentId: 'E', roles: ['risk-control'] });
    const reader = await portal.person({ departmentId: 'E', roles: ['downloads.department'] });
    await using stream = await watch(reader, 'department');
    const { id: own } = await asker.run({
      ...withdrawals,
      conditions: { ...withdrawals.conditions, phone: '13800002222' },
    });
    await eventually(() => stream.events.some(({ event, data }) => event === 'record' && data.id === own));
    const told = stream.events.filter(({ event }) => event === 'record').map(({ data }) => data);
    for (const record of told) {
      expect(record.conditions).toEqual(withdrawals.conditions);
      expect(record).not.toHaveProperty('conditionsKey');
    }
  });
});
