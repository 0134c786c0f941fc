import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { en } from '../../functions/download-center/page/texts/en.ts';
import { notLoaded } from '../../functions/download-center/page/texts/not-loaded.ts';
import { zhTw } from '../../functions/download-center/page/texts/zh-tw.ts';
import type { Locale } from '../../shared/api-client/types.ts';
import { eventually } from '../support/eventually.ts';
import { expectRightFile } from '../support/expect-right-file.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { startTestSystem, type TestSystem } from '../support/test-system.ts';
import type { Visitor } from '../support/visitor.ts';
import { openBrowser, type Visitors } from '../support/visitors.ts';

jest.setTimeout(90_000);

const REPORT = 'Withdrawals by user tag';

let system: TestSystem;
let visitors: Visitors;
beforeAll(async () => {
  system = await startTestSystem({ purpose: 'browser-watching', demo: { rows: 500 } });
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

/** Does `work` while the database has no such table. */
async function without<T>(table: string, work: () => Promise<T>): Promise<T> {
  await system.mariaDb.sql(`RENAME TABLE ${table} TO ${table}_moved`);
  try {
    return await work();
  } finally {
    await system.mariaDb.sql(`RENAME TABLE ${table}_moved TO ${table}`);
  }
}

/** The rows of the list, each by its record's id. */
const listed = ({ page }: Visitor): Promise<string[]> =>
  page.locator('tr[data-row-key]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row-key') ?? ''));

it('a finished report’s page says about what it cost', async () => {
  const visitor = await visitors.admit();
  const { id } = await visitor.admin.run(withdrawals);
  await visitor.open(`/downloads/${id}`);
  const facts = visitor.page.locator('dl').first();
  await facts.getByText(en.record.cost).waitFor();
  expect(await facts.getByText(/^\$0\.0+\d{1,2}$/).count()).toBe(1);
});

describe('a report under way', () => {
  it('is cancelled from the list, and may be asked for again, also where the filter leaves that out', async () => {
    const visitor = await visitors.admit();
    const { page } = visitor;
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await visitor.admin.ask(withdrawals);
    await visitor.showsStatus('QUERYING');
    const cancel = visitor.action(en.action.cancel, REPORT);
    await cancel.click();
    await visitor.button(en.action.cancelNo).click();
    await visitor.button(en.action.cancelNo).waitFor({ state: 'detached' });
    expect((await visitor.admin.record(id)).status).toBe('QUERYING');
    await cancel.focus();
    await page.keyboard.press('Enter');
    await visitor.button(en.action.cancelYes).waitFor();
    await visitor.screenshot('cancel');
    await visitor.button(en.action.cancelYes).press('Enter');
    await visitor.showsStatus('CANCELLED');
    await eventually(async () => (await visitor.focused()) === en.list.details(REPORT));
    await visitor.screenshot('cancelled');
    expect((await visitor.admin.record(id)).status).toBe('CANCELLED');

    await system.endFaults();
    await visitor.choose(en.record.status, en.status.CANCELLED);
    await visitor.action(en.action.retry, REPORT).click();
    await page.getByRole('link', { name: en.action.viewReport }).click();
    const again = await visitor.comesToRecord();
    await visitor.showsStatus('COMPLETED');

    await page.goBack();
    await visitor.showsStatus('CANCELLED');
    expect(await listed(visitor)).toEqual([id]);
    await visitor.choose(en.record.status, en.list.anyStatus);
    await visitor.showsStatus('COMPLETED');
    expect(await listed(visitor)).toEqual([again, id]);
  });
});

it('downloads of one report are told apart by what they were asked with, and the details have the file’s format and language', async () => {
  const visitor = await visitors.admit();
  const { page, admin } = visitor;
  const order = { ...withdrawals, locale: 'zh-CN' };
  await admin.run(order);
  await admin.run({ ...withdrawals, conditions: { tagIds: [2], from: '2026-03-01', to: '2026-03-31' } });
  const lines = page.locator('tr[data-row-key]');
  await lines.filter({ hasText: 'Mar 1, 2026 – Mar 31, 2026 · Tags: Newly registered' }).waitFor();
  const other = lines.filter({ hasText: 'Jan 1, 2026 – Jun 30, 2026 · Tags: VIP, Newly registered' });
  await other.getByRole('link').click();
  await visitor.comesToRecord();
  const fact = (name: string) => page.locator('dt', { hasText: name }).locator('+ dd');
  await fact(en.request.format).getByText('CSV', { exact: true }).waitFor();
  await fact(en.request.locale).getByText('简体中文', { exact: true }).waitFor();
});

it('a file without rows says so', async () => {
  const visitor = await visitors.admit();
  await visitor.admin.run({ ...withdrawals, conditions: { tagIds: [1], from: '2020-01-01', to: '2020-01-31' } });
  await visitor.text(en.record.noRows(en.status.COMPLETED)).waitFor();
});

describe('a report that failed', () => {
  it('says why and what to do, and is ready on a retry once the cause is mended', async () => {
    const visitor = await visitors.admit();
    const { page, admin } = visitor;
    const { id } = await without('plt_fund.vs_withdraw', async () => {
      const failed = await admin.run(withdrawals);
      await visitor.open(`/downloads/${failed.id}`);
      await visitor.showsStatus('FAILED');
      return failed;
    });
    const note = page.getByRole('group', { name: en.failure.heading });
    await note.getByText(en.failure.refused.reason).waitFor();
    await note.getByText(en.failure.refused.advice).waitFor();
    await note.getByText('Withdrawals (plt_fund.vs_withdraw)').waitFor();
    const technical = note.getByText(/^QUERY_REFUSED: .*doesn't exist/);
    expect(await technical.isVisible()).toBe(false);
    await note.getByText(en.failure.technical).click();
    await technical.waitFor();
    await visitor.screenshot('failed');

    await visitor.action(en.action.retry, REPORT).click();
    await page.waitForURL((url) => !url.pathname.endsWith(id));
    await visitor.showsStatus('COMPLETED');
    await expectRightFile(system.mariaDb, admin, await admin.record(await visitor.comesToRecord()));
  });
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
    // A request may be under way when the function is killed.
    visitor.expect(/ERR_(INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED_ENCODING)|status of 502/);
    const { page, admin } = visitor;
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await admin.ask(withdrawals);
    await visitor.showsStatus('QUERYING');
    if (view === 'record') await visitor.open(`/downloads/${id}`);
    await visitor.showsStatus('QUERYING');
    await page.evaluate('window.loadedOnce = true');
    await page.context().setOffline(true);
    // What is open already would stay so.
    await system.crash('download-center');
    await visitor.text(en.disconnected).waitFor();
    await visitor.screenshot(`broken-${view}`);
    await system.endFaults();
    await admin.ended(id);
    const { id: next } = await admin.run(payments);
    await page.context().setOffline(false);
    await visitor.text(en.disconnected).waitFor({ state: 'detached' });
    await visitor.showsStatus('COMPLETED');
    if (view === 'list') expect(await listed(visitor)).toEqual([next, id]);
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
  expect(await listed(visitor)).toEqual([]);
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
    expect([asked, await listed(visitor)]).toEqual([[], []]);
    await turn(false);
    await visitor.showsStatus('COMPLETED');
    expect(await listed(visitor)).toEqual([id]);
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
    expect(await listed(visitor)).toEqual([id]);
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

describe('another’s report', () => {
  it('is in no list of a second admin, nor behind its link, and its file is not theirs', async () => {
    const owner = await visitors.admit();
    const { id } = await owner.admin.run(withdrawals);
    await owner.action(en.action.download, REPORT).waitFor();

    const other = await visitors.admit({ departmentId: owner.person.departmentId });
    other.expect(/status of 404/);
    await other.text(en.list.empty).waitFor();
    await other.page.getByRole('searchbox', { name: en.list.search }).fill(`${system.origin}/downloads/${id}`);
    await other.button(en.list.find).click();
    expect(await other.comesToRecord()).toBe(id);
    await other.text(en.record.notFound).waitFor();
    await other.screenshot('not-found');
    for (const path of ['', '/file', '/preview']) {
      const answer = await other.page.context().request.get(`${system.origin}/v1/downloads/${id}${path}`);
      expect([path, answer.status()]).toEqual([path, 404]);
    }
  });

  it('is watched, previewed and downloaded by a reader of the department, but not cancelled or retried', async () => {
    const departmentId = 'shared';
    const [owner, reader] = await Promise.all([
      visitors.come({ departmentId }),
      visitors.admit({ departmentId, roles: ['finance', 'risk-control', 'downloads.department'] }),
    ]);
    await reader.text(en.list.empty).waitFor();
    await reader.choose(en.list.scope, en.list.scopes.department);
    await system.lockTable('plt_fund.vs_withdraw');
    const { id } = await owner.admin.ask(withdrawals);
    await reader.showsStatus('QUERYING');
    await reader.action(en.action.copyLink, REPORT).waitFor();
    expect(await reader.action(en.action.cancel, REPORT).count()).toBe(0);
    await owner.admin.cancel(id);
    await reader.showsStatus('CANCELLED');
    expect(await reader.action(en.action.retry, REPORT).count()).toBe(0);
    await system.endFaults();
    await owner.admin.run({ ...withdrawals, conditions: { ...withdrawals.conditions, phone: '13800138000' } });
    await reader.showsStatus('COMPLETED');
    await reader.text(en.record.withheld).first().waitFor();
    await reader.text(en.person(owner.person.adminId, departmentId)).first().waitFor();
    await reader.screenshot('department');
    await Promise.all([reader.page.waitForEvent('download'), reader.action(en.action.download, REPORT).click()]);
    await reader.action(en.action.preview, REPORT).click();
    await reader.page.getByRole('dialog').getByRole('table').waitFor();

    const outsider = await visitors.admit({ departmentId, roles: ['downloads.department'] });
    await outsider.choose(en.list.scope, en.list.scopes.department);
    await outsider.text(en.record.closed).waitFor();
    await outsider.text(en.record.closedReason).waitFor();
    expect(await outsider.action(en.action.download, REPORT).count()).toBe(0);
    await outsider.screenshot('closed');
  });
});
