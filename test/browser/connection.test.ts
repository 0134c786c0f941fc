import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { en } from '../../functions/download-center/page/texts/en.ts';
import { notLoaded } from '../../functions/download-center/page/texts/not-loaded.ts';
import { zhTw } from '../../functions/download-center/page/texts/zh-tw.ts';
import type { Locale } from '../../shared/api-client/types.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';
import type { Visitor } from '../support/visitor.ts';
import { openBrowser, type Visitors } from '../support/visitors.ts';

jest.setTimeout(90_000);

const REPORT = 'Withdrawals by user tag';

let system: TestSystem;
let visitors: Visitors;
beforeAll(async () => {
  system = await startTestSystem({ purpose: 'browser-connection', demo: { rows: 500 } });
  visitors = await openBrowser(system);
});
afterEach(async () => {
  await system?.endFaults();
  await visitors?.leave();
});
afterAll(async () => {
  await visitors?.close();
  await system?.stop();
});

describe('when the connection breaks, the page', () => {
  it('goes on by itself after the function was killed', async () => {
    const visitor = await visitors.admit();
    visitor.expect(/ERR_INCOMPLETE_CHUNKED_ENCODING|status of 502/);
    await visitor.page.evaluate('window.loadedOnce = true');
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await visitor.admin.ask(withdrawals);
    await visitor.showsStatus('QUERYING');
    await system.crash('download-center');
    await system.endFaults();
    await visitor.admin.ended(id);
    await visitor.showsStatus('COMPLETED');
    expect(await visitor.page.evaluate('window.loadedOnce')).toBe(true);
  });

  it.each(['list', 'record'])('says so in the %s, and misses nothing of what went on meanwhile', async (view) => {
    const visitor = await visitors.admit();
    // A request may be in flight when the function is killed.
    visitor.expect(/ERR_(INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED_ENCODING)|status of 502/);
    const { page, admin } = visitor;
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await admin.ask(withdrawals);
    await visitor.showsStatus('QUERYING');
    if (view === 'record') await visitor.open(`/downloads/${id}`);
    await visitor.showsStatus('QUERYING');
    await page.evaluate('window.loadedOnce = true');
    await page.context().setOffline(true);
    // Going offline does not close a connection that is already open.
    await system.crash('download-center');
    await visitor.text(en.disconnected).waitFor();
    await visitor.screenshot(`broken-${view}`);
    await system.endFaults();
    await admin.ended(id);
    const { id: next } = await admin.run(payments);
    await page.context().setOffline(false);
    await visitor.text(en.disconnected).waitFor({ state: 'detached' });
    await visitor.showsStatus('COMPLETED');
    if (view === 'list') expect(await visitor.listed()).toEqual([next, id]);
    expect(await page.evaluate('window.loadedOnce')).toBe(true);
  });
});

it('more of a list that is not shown any more comes too late', async () => {
  const visitor = await visitors.come();
  const { page, admin } = visitor;
  const record = await admin.run(withdrawals);
  const snapshot = JSON.stringify({ downloads: [record], nextPageToken: record.id });
  await page.route('**/v1/downloads:watch*', (route) =>
    new URL(route.request().url()).searchParams.has('status')
      ? route.continue()
      : route.fulfill({ contentType: 'text/event-stream', body: `event: snapshot\ndata: ${snapshot}\n\n` }),
  );
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await page.route('**/v1/downloads?*', async (route) => {
    asked.resolve();
    await answer.promise;
    await route.fulfill({ json: { downloads: [{ ...record, id: record.id.replace(/^./, '0') }] } });
  });
  await visitor.takeSession();
  await visitor.open('/');
  await visitor.button(en.list.more).click();
  await asked.promise;
  await visitor.choose(en.record.status, en.status.FAILED);
  await visitor.text(en.list.emptyFiltered).waitFor();
  await Promise.all([page.waitForResponse('**/v1/downloads?*'), answer.resolve()]);
  await page.evaluate('new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))');
  expect(await visitor.listed()).toEqual([]);
  expect(new URL(page.url()).search).toBe('?status=FAILED');
});

describe('a tab', () => {
  it('that is behind another holds no connection, and is up to date once it is come back to', async () => {
    const visitor = await visitors.admit();
    const { page } = visitor;
    const turn = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));`);
    await visitor.text(en.list.empty).waitFor();
    await Promise.all([page.waitForEvent('requestfailed', (request) => /:watch/.test(request.url())), turn(true)]);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const { id } = await visitor.admin.run(withdrawals);
    expect([asked, await visitor.listed()]).toEqual([[], []]);
    await turn(false);
    await visitor.showsStatus('COMPLETED');
    expect(await visitor.listed()).toEqual([id]);
  });

  it('that is one too many shows the list all the same, and says so', async () => {
    const visitor = await visitors.come();
    visitor.expect(/status of 429/);
    const { page } = visitor;
    const { id } = await visitor.admin.run(withdrawals);
    await page.route('**/v1/downloads:watch*', (route) =>
      route.fulfill({
        status: 429,
        contentType: 'application/problem+json',
        json: { code: 'rate-limited', detail: '' },
      }),
    );
    await visitor.takeSession();
    await visitor.open('/');
    await visitor.text(en.limited).waitFor();
    await visitor.showsStatus('COMPLETED');
    await page.unroute('**/v1/downloads:watch*');
    await visitor.text(en.limited).waitFor({ state: 'detached' });
    expect(await visitor.listed()).toEqual([id]);
  });

  it('whose list is refused says why, and waits no longer', async () => {
    const visitor = await visitors.come();
    visitor.expect(/status of 403/);
    const { page } = visitor;
    const detail = 'Not for you.';
    await page.route('**/v1/downloads:watch*', (route) =>
      route.fulfill({ status: 403, contentType: 'application/problem+json', json: { code: 'forbidden', detail } }),
    );
    await visitor.takeSession();
    await visitor.open('/');
    await visitor.text(detail).waitFor();
    expect(await page.getByLabel(en.loading).count()).toBe(0);
  });

  it('is that of whoever has signed in last in another', async () => {
    const visitor = await visitors.admit();
    const other = { ...visitor.person, adminId: `${visitor.person.adminId}-too` };
    const { page } = visitor;
    await visitor.takeSession(other);
    const second = await page.context().newPage();
    await second.goto(page.url());
    const header = page.getByRole('banner');
    await header.getByText(en.person(other.adminId, other.departmentId), { exact: true }).waitFor();
    await second.getByRole('button', { name: en.signIn.signOut }).click();
    await page.getByRole('heading', { name: en.signIn.heading }).waitFor();
  });
});

describe('what cannot be loaded is said, and loaded once the server is there again:', () => {
  it.each<[string, Locale, (visitor: Visitor) => Promise<void>, (visitor: Visitor) => Promise<void>]>([
    [
      'the form',
      'en',
      (visitor) => visitor.button(en.request.open).click(),
      async (visitor) => {
        await visitor.button(en.request.open).click();
        await visitor.formHasFocus();
      },
    ],
    [
      'the preview',
      'en',
      (visitor) => visitor.action(en.action.preview, REPORT).click(),
      async (visitor) => {
        await visitor.action(en.action.preview, REPORT).click();
        await visitor.page.getByRole('dialog').getByRole('table').waitFor();
      },
    ],
    [
      'another language',
      'zh-TW',
      (visitor) => visitor.choose(en.language, '繁體中文'),
      (visitor) => visitor.page.getByRole('heading', { name: zhTw.list.heading, exact: true }).waitFor(),
    ],
  ])('%s', async (part, locale, ask, isThere) => {
    const visitor = await visitors.admit();
    visitor.expect(/ERR_INTERNET_DISCONNECTED|Failed to fetch dynamically imported module/);
    const { page } = visitor;
    await visitor.admin.run(withdrawals);
    await visitor.action(en.action.preview, REPORT).waitFor();
    const { message, retry } = notLoaded[locale];
    await page.context().setOffline(true);
    await ask(visitor);
    await visitor.text(message).waitFor();
    await visitor.screenshot(`not-loaded-${part.replace(' ', '-')}`);
    await Promise.all([page.waitForEvent('requestfailed'), visitor.button(retry).click()]);
    await visitor.text(message).waitFor();
    await page.context().setOffline(false);
    await Promise.all([page.waitForEvent('load'), visitor.button(retry).click()]);
    await isThere(visitor);
  });
});
