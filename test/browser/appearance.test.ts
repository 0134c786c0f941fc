import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { en, type Texts } from '../../functions/download-center/page/texts/en.ts';
import { zhCn } from '../../functions/download-center/page/texts/zh-cn.ts';
import { zhTw } from '../../functions/download-center/page/texts/zh-tw.ts';
import { Admin } from '../support/admin.ts';
import { eventually } from '../support/eventually.ts';
import { payments, withdrawals } from '../support/orders.ts';
import { nextRecord, startTestSystem, type TestSystem } from '../support/test-system.ts';
import type { Visitor } from '../support/visitor.ts';
import { openBrowser, type Visitors } from '../support/visitors.ts';

jest.setTimeout(180_000);

const REPORT = 'Withdrawals by user tag';
const STATUSES = ['QUEUED', 'QUERYING', 'WRITING', 'COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED'] as const;
const departmentId = 'all-sorts';
/** Has records in four statuses. Colleagues have records in the others. */
const keeper = { adminId: 'keeper', departmentId, roles: ['finance', 'risk-control', 'downloads.department'] };

let system: TestSystem;
let visitors: Visitors;
let completed: string;
let failed: string;
beforeAll(async () => {
  system = await startTestSystem({ purpose: 'browser-appearance', demo: { rows: 500 } });
  visitors = await openBrowser(system);
  const admin = await adminOf(keeper.adminId);
  completed = (await admin.run(withdrawals)).id;
  const { sql } = system.mariaDb;
  await sql('RENAME TABLE plt_fund.vs_withdraw TO plt_fund.moved');
  failed = (await admin.run(withdrawals)).id;
  await sql('RENAME TABLE plt_fund.moved TO plt_fund.vs_withdraw');
  await expire('expired');
  await keepActive('QUEUED');
  await keepActive('WRITING');
  await system.lockTable('plt_fund.vs_withdraw');
  await admin.cancel((await admin.ask(withdrawals)).id);
  await admin.ask(withdrawals);
});
afterEach(() => visitors?.leave());
afterAll(async () => {
  await visitors?.close();
  await system?.stop();
});

async function adminOf(adminId: string): Promise<Admin> {
  return new Admin(system.origin, await system.token({ ...keeper, adminId }));
}

/** Creates a colleague's record whose file has expired. */
async function expire(adminId: string): Promise<void> {
  const admin = await adminOf(adminId);
  const { id } = await admin.run(payments);
  await system.mariaDb.sql('UPDATE plt_basic.file_download_record SET expires_at = UTC_TIMESTAMP(3) WHERE id = ?', [
    id,
  ]);
  await eventually(async () => {
    await system.sweepNow(id);
    return (await admin.record(id)).status === 'EXPIRED';
  });
}

/** Creates a colleague's record that stays in a status which records normally leave at once. */
async function keepActive(status: string): Promise<void> {
  const own = nextRecord();
  for (const { faults } of [system.cloud.pubsub, system.cloud.tasks]) faults.hold(own);
  const { id } = await (await adminOf(`colleague-${status}`)).ask(withdrawals);
  await system.mariaDb.sql('UPDATE plt_basic.file_download_record SET status = ?, sweep_at = deadline WHERE id = ?', [
    status,
    id,
  ]);
}

const LOOKS = {
  light: { width: 1280, height: 1000, colorScheme: 'light' },
  dark: { width: 1280, height: 1000, colorScheme: 'dark' },
  narrow: { width: 360, height: 800, colorScheme: 'light' },
} as const;

/**
 * Returns what axe reports for the current state of the page, in every look. Throws if anything is wider than the
 * window.
 */
async function inspect(visitor: Visitor, state: string): Promise<string[]> {
  const found: string[] = [];
  for (const [look, { colorScheme, ...size }] of Object.entries(LOOKS)) {
    await visitor.page.setViewportSize(size);
    await visitor.page.emulateMedia({ colorScheme });
    await eventually(async () => (await visitor.colorScheme()) === colorScheme && (await visitor.overflow()) === 0);
    await visitor.screenshot(`${state}-${look}`);
    // The dark look differs only in its colours.
    const rules = look === 'dark' ? ['color-contrast'] : [];
    found.push(...(await visitor.violations(rules)).map((violation) => `${state}, ${look}: ${violation}`));
  }
  await visitor.page.setViewportSize(LOOKS.light);
  return found;
}

it('axe finds nothing wrong with any view, light, dark or narrow, and nothing is wider than the window', async () => {
  const found: string[] = [];
  const newcomer = await visitors.admit();
  await newcomer.text(en.list.empty).waitFor();
  found.push(...(await inspect(newcomer, 'empty')));

  const visitor = await visitors.come(keeper);
  await visitor.open('/');
  await visitor.page.getByRole('heading', { name: en.signIn.heading }).waitFor();
  found.push(...(await inspect(visitor, 'signed-out')));
  await visitor.signIn();
  await visitor.choose(en.list.scope, en.list.scopes.department);
  for (const status of STATUSES) await visitor.showsStatus(status);
  found.push(...(await inspect(visitor, 'list')));
  await visitor.beginRequest(REPORT);
  await visitor.choose('Tags', 'VIP', visitor.form);
  await visitor.fillPeriod('2026-01-01', '2026-03-31');
  await visitor.text(en.request.locked).waitFor();
  found.push(...(await inspect(visitor, 'ask')));

  await visitor.open(`/downloads/${failed}`);
  await visitor.showsStatus('FAILED');
  found.push(...(await inspect(visitor, 'failed')));
  await visitor.open(`/downloads/${completed}`);
  await visitor.showsStatus('COMPLETED');
  found.push(...(await inspect(visitor, 'record')));
  await visitor.action(en.action.preview, REPORT).click();
  await visitor.page.getByRole('dialog').getByRole('table').waitFor();
  found.push(...(await inspect(visitor, 'preview')));
  expect(found).toEqual([]);
});

describe('the language', () => {
  it.each<[browser: string, lang: string, texts: Texts, report: string]>([
    ['en-GB', 'en', en, REPORT],
    ['zh-TW', 'zh-TW', zhTw, '標籤用戶提現報表'],
    ['zh-CN', 'zh-CN', zhCn, '标签用户提现报表'],
  ])('is the browser’s, if the page speaks it: %s', async (locale, lang, texts, report) => {
    const visitor = await visitors.come(keeper, { locale });
    const { page } = visitor;
    await visitor.open('/');
    await page.getByRole('heading', { name: texts.signIn.heading }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe(lang);
    await visitor.signIn(texts);
    for (const status of ['COMPLETED', 'FAILED', 'CANCELLED', 'QUERYING'] as const)
      await visitor.showsStatus(status, texts);
    expect(await page.title()).toBe(texts.title);
    await visitor.screenshot(`list-${locale}`);
    await visitor.beginRequest(report, texts);
    await visitor.screenshot(`ask-${locale}`);
    await visitor.open(`/downloads/${failed}`);
    await visitor.text(texts.failure.refused.advice).waitFor();
    await visitor.screenshot(`failed-${locale}`);
  });

  it.each<[browser: string, texts: Texts, source: string]>([
    ['zh-TW', zhTw, '提現（plt_fund.vs_withdraw）'],
    ['zh-CN', zhCn, '提现（plt_fund.vs_withdraw）'],
  ])('is the only one that those hear who do not see the page: %s', async (locale, texts, source) => {
    const visitor = await visitors.come(keeper, { locale });
    const { page } = visitor;
    await visitor.takeSession();
    await visitor.open('/');
    await visitor.isIn(texts);
    await visitor.choose(texts.list.scope, texts.list.scopes.department);
    await visitor.showsStatus('EXPIRED', texts);
    const heard = [await page.locator('body').ariaSnapshot()];
    await visitor.button(texts.request.open).click();
    await visitor.form.waitFor();
    heard.push(await page.locator('body').ariaSnapshot());
    await visitor.open(`/downloads/${failed}`);
    await page.getByRole('progressbar', { name: source }).waitFor();
    await visitor.text(texts.failure.sourceList(source)).waitFor();
    heard.push(await page.locator('body').ariaSnapshot());
    // The snapshot consists of roles, and of names in quotes. Its only English words are names of people, files and
    // languages, which contain a digit, a capital or a dot.
    expect(heard.join('\n').match(/"[a-z-]+"/g)).toBeNull();
  });

  it('is English for a browser that prefers what the page does not speak', async () => {
    const visitor = await visitors.come({}, { locale: 'fr-FR' });
    await visitor.open('/');
    await visitor.page.getByRole('heading', { name: en.signIn.heading }).waitFor();
  });

  it('is switched by a choice, which is remembered', async () => {
    const visitor = await visitors.admit();
    const { page } = visitor;
    const heading = (texts: Texts) => page.getByRole('heading', { name: texts.list.heading, exact: true });
    let last = en;
    for (const [name, lang, texts] of [
      ['繁體中文', 'zh-TW', zhTw],
      ['简体中文', 'zh-CN', zhCn],
      ['English', 'en', en],
    ] as const) {
      await visitor.choose(last.language, name);
      await heading(texts).waitFor();
      await page.reload();
      await heading(texts).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe(lang);
      last = texts;
    }
  });
});

describe('the appearance', () => {
  it('can be chosen while the page is still finding out who is there', async () => {
    const visitor = await visitors.come();
    const { page } = visitor;
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route('**/v1/session', async (route) => {
      asked.resolve();
      await answer.promise;
      await route.continue();
    });
    await visitor.takeSession();
    await visitor.open('/');
    await asked.promise;
    await page.getByLabel(en.theme, { exact: true }).click();
    const choice = page.locator('.ant-select-dropdown:visible').getByText(en.themes.dark, { exact: true });
    await choice.waitFor();
    answer.resolve();
    await visitor.isIn();
    await choice.click();
    await eventually(async () => (await visitor.colorScheme()) === 'dark');
  });

  it('is the system’s, unless another is chosen, which is remembered', async () => {
    const visitor = await visitors.admit();
    const { page } = visitor;
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    await eventually(async () => (await ground()) !== light);
    expect(await visitor.colorScheme()).toBe('dark');
    await visitor.choose(en.theme, en.themes.light);
    await eventually(async () => (await ground()) === light);
    await page.reload();
    await page.getByRole('heading', { name: en.list.heading }).waitFor();
    expect([await visitor.colorScheme(), await ground()]).toEqual(['light', light]);
  });
});

it('the API’s reference is shown under the same policy', async () => {
  const visitor = await visitors.come();
  await visitor.open('/docs');
  await visitor.text('/v1/downloads/{id}/preview').waitFor();
  await visitor.screenshot('docs');
});
