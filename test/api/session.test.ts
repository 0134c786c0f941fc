import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { readCsv } from '../support/read-csv.ts';
import { openPortal, type Portal } from './portal.ts';

jest.setTimeout(60_000);

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal('test-session');
});
afterAll(() => portal?.stop());

const order = {
  report: 'withdrawals-by-user-tag',
  conditions: { tagIds: [1, 2], from: '2026-01-01', to: '2026-06-30' },
};
const OWN_PAGE = { 'sec-fetch-site': 'same-origin' };

/** Signs in like a browser, by the forms of the development sign-in page, and resolves to the cookie. */
async function signIn(admin: string, to = '/'): Promise<{ cookie: string; location: string | null }> {
  const form = new URLSearchParams({ admin, department: '3', roles: '', to });
  const html = await (await fetch(portal.signInUrl, { method: 'POST', body: form })).text();
  const [, action = ''] = /action="([^"]+)"/.exec(html) ?? [];
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(html) ?? [];
  const response = await fetch(action, {
    method: 'POST',
    body: new URLSearchParams({ token, to }),
    headers: { origin: new URL(portal.signInUrl).origin },
    redirect: 'manual',
  });
  const [cookie = ''] = response.headers.getSetCookie().map((set) => set.split(';')[0]);
  return { cookie, location: response.headers.get('location') };
}

describe('a session', () => {
  it('begins at the sign-in page, asks for a report and downloads it, and ends', async () => {
    const { cookie, location } = await signIn('clerk', '/downloads/7');
    expect(location).toBe('/downloads/7');
    const headers = { cookie, ...OWN_PAGE };
    const { body: session } = await portal.call('GET', '/v1/session', { headers });
    expect(session).toEqual({
      adminId: 'clerk',
      departmentId: '3',
      roles: [],
      source: 'admin-portal',
      scopes: ['own'],
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const { status, body: record } = await portal.call('POST', '/v1/downloads', { body: order, headers });
    expect(status).toBe(202);
    await eventually(async () => {
      const { body } = await portal.call('GET', `/v1/downloads/${record.id}`, { headers });
      return body.status === 'COMPLETED';
    });
    const file = await portal.call('GET', `/v1/downloads/${record.id}/file`, { headers });
    expect(file.status).toBe(302);
    const ended = await portal.call('DELETE', '/v1/session', { headers });
    expect([ended.status, ended.headers.getSetCookie()]).toEqual([204, [expect.stringMatching(/^__Host-session=;/)]]);
  });

  it('does nothing for a page of another site, in any function', async () => {
    const { cookie } = await signIn('careless');
    const headers = { cookie, 'sec-fetch-site': 'cross-site' };
    for (const [method, path] of [
      ['POST', '/v1/downloads'],
      ['POST', '/v1/downloads:check'],
      ['POST', '/v1/downloads/01a20578-1fcf-7081-bf3d-4ed8f9af18dd:cancel'],
      ['DELETE', '/v1/session'],
    ] as const) {
      const { status, body } = await portal.call(method, path, { headers, body: order });
      expect([method, path, status, body.code]).toEqual([method, path, 403, 'cross-site']);
    }
    expect(await portal.countRecords('careless')).toBe(0);
  });

  it.each([
    ['GET', '/v1/session'],
    ['POST', '/v1/downloads'],
  ])('that there is not is told where to begin one: %s %s', async (method, path) => {
    const { status, body } = await portal.call(method, path);
    expect([status, body.signInUrl]).toEqual([401, portal.signInUrl]);
  });
});

describe('the preview', () => {
  it('shows the first rows of the very file', async () => {
    const person = await portal.person();
    const record = await person.run({ ...order, locale: 'zh-TW' });
    const { status, body, headers } = await person.get(`/v1/downloads/${record.id}/preview`);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { headers: redirect } = await person.get(`/v1/downloads/${record.id}/file`);
    const file = await fetch(redirect.get('location') as string);
    const [columns, ...rows] = await readCsv(Buffer.from(await file.arrayBuffer()));
    expect(rows.length).toBe(record.rows);
    expect(body).toEqual({ columns, rows: rows.slice(0, 50), truncated: rows.length > 50 });
  });

  it('is there for a finished record of one’s own alone', async () => {
    const [person, other] = await Promise.all([portal.person(), portal.person()]);
    const { id } = await person.run(order);
    expect((await other.get(`/v1/downloads/${id}/preview`)).status).toBe(404);
    await portal.whileHeld(async () => {
      const { body } = await other.ask(order);
      const { status, body: problem } = await other.get(`/v1/downloads/${body.id}/preview`);
      expect([status, problem.code]).toEqual([409, 'no-file']);
      await other.post(`/v1/downloads/${body.id}:cancel`);
    });
  });
});

it('every download and preview leaves a line of who, what, when and from where, and never the URL', async () => {
  const person = await portal.person({ departmentId: 'finance' });
  const { id } = await person.run(order);
  const headers = { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'Mozilla/5.0 (test)' };
  for (const path of ['file', 'file?redirect=false', 'preview']) {
    await person.call('GET', `/v1/downloads/${id}/${path}`, { headers });
  }
  // Refused, so nothing was opened.
  await (await portal.person()).get(`/v1/downloads/${id}/file`);
  const logFile = portal.functions.get('download-center')?.logFile as string;
  const lines = await eventually(async () => {
    const all = (await readFile(logFile, 'utf8')).split('\n').filter(Boolean);
    const about = all.map((line) => JSON.parse(line)).filter((line) => line.audit?.recordId === id);
    return about.length >= 3 && about;
  });
  const { adminId, departmentId } = person;
  const opened = (action: string) => ({
    action,
    source: 'admin-portal',
    adminId,
    departmentId,
    recordId: id,
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    from: { forwardedFor: '203.0.113.7, 127.0.0.1' },
    userAgent: 'Mozilla/5.0 (test)',
  });
  expect(lines.map(({ audit }) => audit)).toEqual(['download', 'download', 'preview'].map(opened));
  expect(JSON.stringify(lines)).not.toMatch(/X-Goog|https?:/);
});

it('the page is served, and every answer says what it is', async () => {
  for (const path of ['/', '/downloads/7', '/docs', '/v1/openapi.json', '/v1/downloads', '/none']) {
    const { headers, status } = await fetch(portal.origin + path);
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
    expect([path, status]).toEqual([path, { '/v1/downloads': 401, '/none': 404 }[path] ?? 200]);
  }
  const { headers } = await fetch(portal.origin);
  const portalOrigin = new URL(portal.signInUrl).origin;
  expect(headers.get('content-security-policy')).toContain(`frame-ancestors 'self' ${portalOrigin}`);
});
